package org.concertina.interaction;

import java.util.Optional;

/**
 * A data set under external ids: users and items indexed by ascending external id, rows ascending,
 * no pair in two splits. What a {@linkplain DataFileWriter data file} is written from.
 *
 * @param userIds external ids, ascending
 * @param itemIds external ids, ascending
 * @param userNames names of the users if they are not numbers; external id n is then name n
 * @param itemNames names of the items, likewise
 * @param validation empty if a share of the training pairs is to be held out when it is read
 * @param dataHash see {@link #hash}
 * @param duplicatesDropped repetitions of a pair within a split
 * @param overlapsDropped pairs that an earlier split had
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record CanonicalData(
    int[] userIds,
    int[] itemIds,
    Optional<IdNames> userNames,
    Optional<IdNames> itemNames,
    InteractionMatrix train,
    Optional<InteractionMatrix> validation,
    Optional<InteractionMatrix> test,
    long dataHash,
    long duplicatesDropped,
    long overlapsDropped) {

  /**
   * The hash of these splits: of the sets of pairs and users of each, under external ids and names.
   * For numeric ids it is what {@link InteractionData#dataHash} says of the same data in text
   * files.
   */
  public static long hash(
      int[] userIds,
      int[] itemIds,
      Optional<IdNames> userNames,
      Optional<IdNames> itemNames,
      InteractionMatrix train,
      Optional<InteractionMatrix> validation,
      Optional<InteractionMatrix> test) {
    ContentHash hash = new ContentHash();
    hash.addSplit(0, train, userIds, itemIds);
    validation.ifPresent(pairs -> hash.addSplit(1, pairs, userIds, itemIds));
    test.ifPresent(pairs -> hash.addSplit(2, pairs, userIds, itemIds));
    userNames.ifPresent(hash::addNames);
    itemNames.ifPresent(hash::addNames);
    return hash.value();
  }

  /** A copy with another test split. */
  CanonicalData withTest(Optional<InteractionMatrix> newTest) {
    return new CanonicalData(
        userIds,
        itemIds,
        userNames,
        itemNames,
        train,
        validation,
        newTest,
        dataHash,
        duplicatesDropped,
        overlapsDropped);
  }
}
