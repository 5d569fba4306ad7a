package org.concertina.interaction;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/** Reads the splits of a directory as they were given, in canonical form, without overlaps. */
final class GivenSplits {
  private static final String[] NAMES = {"train", "valid", "test"};

  private GivenSplits() {}

  /** Reads what the directory has into memory of {@code arena}; the parsed pairs are freed. */
  static CanonicalData read(Path directory, MemoryCap cap, CappedArena arena) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new InteractionFormatException(
          directory,
          0,
          Files.exists(directory) ? "is not a directory" : "there is no such directory",
          "name a directory that has a train.txt or train.txt.gz, or a file that ingest wrote");
    }
    IdIndex users = new IdIndex();
    IdIndex items = new IdIndex();
    PairBuffer[] parsed = new PairBuffer[NAMES.length];
    try (CappedArena parsing = new CappedArena(cap)) {
      for (int split = 0; split < NAMES.length; split++) {
        Optional<Path> file = SplitFile.find(directory, NAMES[split]);
        if (file.isPresent()) {
          parsed[split] = new PairBuffer(parsing, users, items);
          SplitFile.parse(file.get(), parsed[split]);
        } else if (split == 0) {
          throw new InteractionFormatException(
              directory,
              0,
              "there is no train.txt and no train.txt.gz",
              "put the training interactions there, one line a user");
        }
      }
      return canonical(parsed, users.ranking(), items.ranking(), arena);
    }
  }

  private static CanonicalData canonical(
      PairBuffer[] parsed, IdIndex.Ranking users, IdIndex.Ranking items, CappedArena arena) {
    ContentHash hash = new ContentHash();
    InteractionMatrix[] matrices = new InteractionMatrix[NAMES.length];
    long duplicates = 0;
    long overlaps = 0;
    for (int split = 0; split < NAMES.length; split++) {
      if (parsed[split] == null) {
        continue;
      }
      CanonicalSplit given = CanonicalSplit.of(parsed[split], users, items, arena);
      hash.addSplit(split, given.matrix(), users.sortedIds(), items.sortedIds());
      duplicates += given.duplicatesDropped();
      InteractionMatrix matrix = given.matrix();
      for (int earlier = 0; earlier < split; earlier++) {
        if (matrices[earlier] != null) {
          matrix = CanonicalSplit.minus(matrix, matrices[earlier], arena);
        }
      }
      overlaps += given.matrix().size() - matrix.size();
      matrices[split] = matrix;
    }
    return new CanonicalData(
        users.sortedIds(),
        items.sortedIds(),
        Optional.empty(),
        Optional.empty(),
        matrices[0],
        Optional.ofNullable(matrices[1]),
        Optional.ofNullable(matrices[2]),
        hash.value(),
        duplicates,
        overlaps);
  }
}
