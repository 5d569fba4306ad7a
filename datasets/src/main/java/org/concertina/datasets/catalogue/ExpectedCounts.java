package org.concertina.datasets.catalogue;

/**
 * What a set should have; null is what is not known.
 *
 * @param users with an interaction
 * @param items with an interaction
 * @param interactions of all splits together; may be left out if the splits are given
 * @param train interactions for training
 * @param valid interactions for validation
 * @param test interactions for testing
 */
public record ExpectedCounts(
    Integer users, Integer items, Long interactions, Long train, Long valid, Long test) {

  /** All interactions, null if not known. */
  public Long total() {
    if (interactions != null || train == null) {
      return interactions;
    }
    return train + (valid == null ? 0 : valid) + (test == null ? 0 : test);
  }

  /** Expected interactions of a split by its name, null if not known. */
  Long ofSplit(String split) {
    return switch (split) {
      case "train" -> train;
      case "valid" -> valid;
      case "test" -> test;
      default -> null;
    };
  }
}
