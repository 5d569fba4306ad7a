package org.concertina.interaction;

import java.util.Arrays;
import java.util.Optional;
import org.concertina.memory.CappedArena;

/**
 * The training, validation and test interactions of one data set over common dense ids.
 *
 * <p>Owns the off-heap memory of its matrices and frees it on {@link #close}. Immutable and safe
 * for any number of threads until then. Users are indexed by ascending external id, items by
 * descending training popularity (ties by ascending external id), so an item's index is its
 * popularity rank.
 */
public final class InteractionData implements AutoCloseable {
  private final CappedArena arena;
  private final Splits splits;
  private final InteractionMatrix trainByItem;
  private final IdMaps ids;
  private final Names names;
  private final int[] popularity;
  private final long dataHash;
  private final ReadReport report;

  /** The three matrices. */
  record Splits(InteractionMatrix train, InteractionMatrix validation, InteractionMatrix test) {}

  /**
   * External ids.
   *
   * @param users ascending, by user index
   * @param items by item index
   * @param sortedItems ascending
   * @param indexOfSorted item index by position in {@code sortedItems}
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
  record IdMaps(int[] users, int[] items, int[] sortedItems, int[] indexOfSorted) {}

  InteractionData(
      CappedArena arena,
      Splits splits,
      InteractionMatrix trainByItem,
      IdMaps ids,
      Names names,
      int[] popularity,
      long dataHash,
      ReadReport report) {
    this.arena = arena;
    this.splits = splits;
    this.trainByItem = trainByItem;
    this.ids = ids;
    this.names = names;
    this.popularity = popularity;
    this.dataHash = dataHash;
    this.report = report;
  }

  /** The pairs to learn from. */
  public InteractionMatrix train() {
    return splits.train();
  }

  /** The pairs to choose by, as given or held out from the training file. */
  public InteractionMatrix validation() {
    return splits.validation();
  }

  /** The pairs for the final table; has size 0 if there was no test file. */
  public InteractionMatrix test() {
    return splits.test();
  }

  /** The training pairs as rows of items with their users, if the data file has them. */
  public Optional<InteractionMatrix> trainByItem() {
    return Optional.ofNullable(trainByItem);
  }

  /** Number of users in the index. */
  public int users() {
    return ids.users().length;
  }

  /** Number of items in the index. */
  public int items() {
    return ids.items().length;
  }

  /**
   * A 64-bit hash of the files' content: the sets of pairs and users of each given split, under
   * external ids. It does not depend on the order of lines or items, on repetitions, on
   * compression, or on the read options.
   */
  public long dataHash() {
    return dataHash;
  }

  /** External id of a user index. */
  public int userId(int user) {
    return ids.users()[user];
  }

  /** External id of an item index. */
  public int itemId(int item) {
    return ids.items()[item];
  }

  /** Index of an external user id, -1 if no split has it; logarithmic in the users. */
  public int userIndex(long externalId) {
    return Math.max(-1, position(ids.users(), externalId));
  }

  /** Index of an external item id, -1 if no split has it; logarithmic in the items. */
  public int itemIndex(long externalId) {
    int position = position(ids.sortedItems(), externalId);
    return position < 0 ? -1 : ids.indexOfSorted()[position];
  }

  /** What the input calls a user: a name, or the external id. */
  public String userName(int user) {
    return names.users().map(all -> all.name(userId(user))).orElseGet(() -> "" + userId(user));
  }

  /** What the input calls an item: a name, or the external id. */
  public String itemName(int item) {
    return names.items().map(all -> all.name(itemId(item))).orElseGet(() -> "" + itemId(item));
  }

  /** The names of the users, if they are not numbers; their external ids are numbers of names. */
  public Optional<IdNames> userNames() {
    return names.users();
  }

  /** The names of the items, if they are not numbers; their external ids are numbers of names. */
  public Optional<IdNames> itemNames() {
    return names.items();
  }

  /** A copy of the external item ids, by item index. */
  public int[] itemIds() {
    return ids.items().clone();
  }

  /** A copy of the external user ids, by user index. */
  public int[] userIds() {
    return ids.users().clone();
  }

  /** Number of the item's pairs in {@link #train}. */
  public int popularity(int item) {
    return popularity[item];
  }

  /** What was read and dropped. */
  public ReadReport report() {
    return report;
  }

  /**
   * The same data with the validation pairs among the training pairs and an empty validation split,
   * for a model that is judged on test alone. The caller closes the result, before or after this.
   *
   * <p>Users and items keep their indices and the data its hash, so that what was chosen by
   * validation still means the same items; an item's index is therefore its popularity rank in this
   * data, not in the result, whose {@link #popularity} counts both kinds of pairs.
   */
  public InteractionData withValidationInTrain() {
    CappedArena merged = new CappedArena(arena.cap());
    try {
      InteractionMatrix train = MergedSplits.union(train(), validation(), merged);
      InteractionMatrix none = new RowWriter(merged, users(), items(), 0).finish();
      InteractionMatrix test = MergedSplits.union(test(), none, merged);
      int[] counts = train.popularity();
      return new InteractionData(
          merged,
          new Splits(train, none, test),
          null,
          ids,
          names.copy(merged),
          counts,
          dataHash,
          MergedSplits.report(report, train, counts));
    } catch (RuntimeException | Error e) {
      merged.close();
      throw e;
    }
  }

  /** Frees the matrices; their use afterwards throws {@link IllegalStateException}. */
  @Override
  public void close() {
    arena.close();
  }

  private static int position(int[] ascending, long externalId) {
    if (externalId < 0 || externalId > SplitParser.MAX_ID) {
      return -1;
    }
    return Arrays.binarySearch(ascending, (int) externalId);
  }
}
