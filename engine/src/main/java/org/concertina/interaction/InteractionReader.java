package org.concertina.interaction;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.concertina.interaction.InteractionData.IdMaps;
import org.concertina.interaction.InteractionData.Splits;
import org.concertina.memory.CappedArena;

/**
 * Reads a directory of interactions, or a data file that {@link DataFileWriter} wrote.
 *
 * <p>The directory has {@code train.txt} and may have {@code valid.txt} and {@code test.txt}, each
 * plain or as gzip with the suffix {@code .gz} (which of the two is told by the content). A line is
 * {@code user item item ...}: decimal ids from 0 to 2147483646 between spaces or tabs. Several
 * lines of one user are merged, blank lines skipped. Without a validation file a share of each
 * user's training items is held out.
 *
 * <p>A data file with a validation split is used in place, without a copy of its pairs; the file
 * must not be written to while it is open.
 */
public final class InteractionReader {
  private InteractionReader() {}

  /**
   * Reads all splits of a directory or data file; the caller closes the result.
   *
   * @throws InteractionFormatException if a file is missing, empty, malformed or damaged
   * @throws IOException if a file cannot be read
   * @throws org.concertina.memory.MemoryCapExceededException if the cap is too small; nothing of it
   *     stays taken then
   */
  public static InteractionData read(Path path, ReadOptions options) throws IOException {
    if (Files.isRegularFile(path)) {
      return DataFileReader.read(path, options);
    }
    try (CappedArena scratch = new CappedArena(options.cap())) {
      return fromCanonical(readCanonical(path, scratch), options, scratch);
    }
  }

  /**
   * Reads the splits of a directory as they are given, without a hold-out.
   *
   * @param arena owner of the matrices
   * @throws InteractionFormatException if a file is missing, empty, malformed or damaged
   * @throws IOException if a file cannot be read
   */
  public static CanonicalData readCanonical(Path directory, CappedArena arena) throws IOException {
    return GivenSplits.read(directory, arena.cap(), arena);
  }

  /**
   * What a data file says that it was made from, as JSON.
   *
   * @throws InteractionFormatException if it is no data file or is damaged
   * @throws IOException if it cannot be read
   */
  public static String readProvenance(Path dataFile) throws IOException {
    try (CappedArena arena = CappedArena.unlimited()) {
      return DataFileSections.open(dataFile, arena).provenance();
    }
  }

  /** Holds validation pairs out if there are none and orders the items by popularity. */
  static InteractionData fromCanonical(
      CanonicalData given, ReadOptions options, CappedArena scratch) {
    InteractionMatrix train = given.train();
    InteractionMatrix validation;
    if (given.validation().isPresent()) {
      validation = given.validation().get();
    } else {
      HoldOut holdOut =
          HoldOut.of(train, given.userIds(), options.validationShare(), options.seed(), scratch);
      train = holdOut.kept();
      validation = holdOut.held();
    }
    InteractionMatrix test =
        given
            .test()
            .orElseGet(
                () ->
                    new RowWriter(scratch, given.userIds().length, given.itemIds().length, 0)
                        .finish());
    return assemble(given, new Splits(train, validation, test), options);
  }

  private static InteractionData assemble(
      CanonicalData given, Splits canonical, ReadOptions options) {
    PopularityOrder order = PopularityOrder.of(canonical.train(), given.itemIds());
    CappedArena arena = new CappedArena(options.cap());
    try {
      Splits splits =
          new Splits(
              Reordered.of(canonical.train(), order.indexOfSorted(), arena),
              Reordered.of(canonical.validation(), order.indexOfSorted(), arena),
              Reordered.of(canonical.test(), order.indexOfSorted(), arena));
      return new InteractionData(
          arena,
          splits,
          null,
          new IdMaps(given.userIds(), order.itemIds(), given.itemIds(), order.indexOfSorted()),
          Names.copyOf(given, arena),
          order.popularity(),
          given.dataHash(),
          report(given, splits, order.coldItems()));
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  static ReadReport report(CanonicalData given, Splits splits, int coldItems) {
    int usersWithoutTraining = 0;
    for (int user = 0; user < splits.train().users(); user++) {
      if (splits.train().degree(user) == 0) {
        usersWithoutTraining++;
      }
    }
    return new ReadReport(
        given.userIds().length,
        given.itemIds().length,
        splits.train().size(),
        splits.validation().size(),
        splits.test().size(),
        given.duplicatesDropped(),
        given.overlapsDropped(),
        usersWithoutTraining,
        coldItems);
  }
}
