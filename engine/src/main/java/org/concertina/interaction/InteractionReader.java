package org.concertina.interaction;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.concertina.interaction.InteractionData.IdMaps;
import org.concertina.interaction.InteractionData.Splits;
import org.concertina.memory.CappedArena;

/**
 * Reads a directory of interactions.
 *
 * <p>The directory has {@code train.txt} and may have {@code valid.txt} and {@code test.txt}, each
 * plain or as gzip with the suffix {@code .gz} (which of the two is told by the content). A line is
 * {@code user item item ...}: decimal ids from 0 to 2147483646 between spaces or tabs. Several
 * lines of one user are merged, blank lines skipped. Without a validation file a share of each
 * user's training items is held out.
 */
public final class InteractionReader {
  private InteractionReader() {}

  /**
   * Reads all splits of a directory; the caller closes the result.
   *
   * @throws InteractionFormatException if a file is missing, empty, malformed or damaged
   * @throws IOException if a file cannot be read
   * @throws org.concertina.memory.MemoryCapExceededException if the cap is too small; nothing of it
   *     stays taken then
   */
  public static InteractionData read(Path dir, ReadOptions options) throws IOException {
    try (CappedArena scratch = new CappedArena(options.cap())) {
      GivenSplits given = GivenSplits.read(dir, options.cap(), scratch);
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
  }

  private static InteractionData assemble(
      GivenSplits given, Splits canonical, ReadOptions options) {
    PopularityOrder order = PopularityOrder.of(canonical.train(), given.itemIds());
    CappedArena arena = new CappedArena(options.cap());
    try {
      Splits splits =
          new Splits(
              reindexed(canonical.train(), order.indexOfSorted(), arena),
              reindexed(canonical.validation(), order.indexOfSorted(), arena),
              reindexed(canonical.test(), order.indexOfSorted(), arena));
      return new InteractionData(
          arena,
          splits,
          new IdMaps(given.userIds(), order.itemIds(), given.itemIds(), order.indexOfSorted()),
          order.popularity(),
          given.dataHash(),
          report(given, splits, order));
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static InteractionMatrix reindexed(
      InteractionMatrix matrix, int[] indexOfSorted, CappedArena arena) {
    RowWriter writer = new RowWriter(arena, matrix.users(), matrix.items(), matrix.size());
    int[] row = new int[matrix.maxDegree()];
    for (int user = 0; user < matrix.users(); user++) {
      int degree = matrix.copyRow(user, row);
      for (int i = 0; i < degree; i++) {
        row[i] = indexOfSorted[row[i]];
      }
      Arrays.sort(row, 0, degree);
      writer.append(row, degree);
    }
    return writer.finish();
  }

  private static ReadReport report(GivenSplits given, Splits splits, PopularityOrder order) {
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
        order.coldItems());
  }
}
