package org.concertina.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads records. Stateless. */
public final class RecordReader {
  /** How the names of record files end. */
  public static final String SUFFIX = "records.jsonl";

  private RecordReader() {}

  /**
   * All results of a file, or of the record files in a folder and below, files in the order of
   * their names. A last line without an end, which a crash or a run that is still at work has left,
   * is not looked at.
   *
   * @throws RecordFormatException at the first line that is no record
   * @throws NoSuchFileException if the path does not exist
   */
  public static List<Recorded> read(Path fileOrFolder) throws IOException {
    List<Recorded> found = new ArrayList<>();
    for (Path file : files(fileOrFolder)) {
      readFile(file, found);
    }
    return found;
  }

  /** The last result of every key, in the order in which the keys first came. */
  public static List<Recorded> latest(Collection<Recorded> records) {
    Map<String, Recorded> latest = new LinkedHashMap<>();
    records.forEach(one -> latest.put(one.result().key(), one));
    return List.copyOf(latest.values());
  }

  private static List<Path> files(Path fileOrFolder) throws IOException {
    if (!Files.exists(fileOrFolder)) {
      throw new NoSuchFileException(fileOrFolder.toString());
    }
    try (Stream<Path> files = Files.walk(fileOrFolder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.equals(fileOrFolder) || file.toString().endsWith(SUFFIX))
          .sorted()
          .toList();
    }
  }

  private static void readFile(Path file, List<Recorded> found) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Map<String, Run> runs = new HashMap<>();
    int number = 0;
    int start = 0;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] != '\n') {
        continue;
      }
      number++;
      try {
        take(text(bytes, start, end - start), runs, found);
      } catch (IllegalArgumentException malformed) {
        throw new RecordFormatException(file, number, malformed.getMessage());
      }
      start = end + 1;
    }
  }

  private static String text(byte[] bytes, int start, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, length))
          .toString();
    } catch (CharacterCodingException malformed) {
      throw new IllegalArgumentException("expected UTF-8", malformed);
    }
  }

  private static void take(String line, Map<String, Run> runs, List<Recorded> found) {
    switch (RecordJson.parse(line)) {
      case Run run -> runs.put(run.id(), run);
      case Result result -> {
        Run run = runs.get(result.run());
        if (run == null) {
          throw new IllegalArgumentException(
              "a result of the run %s, which no line before describes".formatted(result.run()));
        }
        found.add(new Recorded(run, result));
      }
      default -> throw new AssertionError(line);
    }
  }
}
