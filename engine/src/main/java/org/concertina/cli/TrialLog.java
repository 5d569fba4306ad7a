package org.concertina.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The finished trials of one search, in a file of JSON lines that only grows. */
final class TrialLog {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;
  private final String search;
  private final Map<Key, Trial> done = new HashMap<>();

  /**
   * A trial that went through a rung.
   *
   * @param search the search it belongs to: a hash of data, seed and options
   * @param rung from 0
   * @param trial from 0
   * @param epochs that the rung trains for
   * @param settings what was tried
   * @param bestEpoch epoch of the best validation
   * @param recallAt20 Recall@20 on validation at that epoch
   * @param ndcgAt20 NDCG@20 on validation at that epoch
   * @param seconds time it took
   */
  record Trial(
      String search,
      int rung,
      int trial,
      int epochs,
      TrialSettings settings,
      int bestEpoch,
      double recallAt20,
      double ndcgAt20,
      double seconds) {}

  private record Key(int rung, int trial) {}

  private TrialLog(Path file, String search) {
    this.file = file;
    this.search = search;
  }

  /**
   * Reads what is there, without a last line that was cut off.
   *
   * @throws CommandFailure if the file holds something else or another search
   */
  static TrialLog open(Path file, String search) throws IOException, CommandFailure {
    TrialLog log = new TrialLog(file, search);
    if (!Files.exists(file)) {
      return log;
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    int number = 0;
    for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList()) {
      log.add(line, ++number);
    }
    if (end < bytes.length) {
      if (number == 0 && bytes[0] != '{') {
        throw log.notTrials(1);
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(end);
      }
    }
    return log;
  }

  private void add(String line, int number) throws CommandFailure {
    Trial trial;
    try {
      trial = MAPPER.readValue(line, Trial.class);
    } catch (JsonProcessingException malformed) {
      throw notTrials(number);
    }
    if (trial == null || trial.search() == null || trial.settings() == null) {
      throw notTrials(number);
    }
    if (!trial.search().equals(search)) {
      throw new CommandFailure(
          "--out %s: holds trials of another search (other data, seed or options); repeat its options to go on, name another file, or delete it (--fresh)"
              .formatted(file));
    }
    done.put(new Key(trial.rung(), trial.trial()), trial);
  }

  private CommandFailure notTrials(int number) {
    return new CommandFailure(
        "--out %s: line %d is no trial; name the file of an earlier tune, or a new one"
            .formatted(file, number));
  }

  int size() {
    return done.size();
  }

  Optional<Trial> find(int rung, int trial) {
    return Optional.ofNullable(done.get(new Key(rung, trial)));
  }

  /** Adds a line; it is on the disk when this returns. */
  void append(Trial trial) throws IOException {
    Files.writeString(
        file,
        MAPPER.writeValueAsString(trial) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND,
        StandardOpenOption.DSYNC);
    done.put(new Key(trial.rung(), trial.trial()), trial);
  }
}
