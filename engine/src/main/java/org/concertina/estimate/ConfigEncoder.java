package org.concertina.estimate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;

/**
 * Turns configurations into features: for every group N block bits, then one bit a precision beyond
 * the widest, then, if groups may be dropped, one bit for that.
 *
 * @param shape how rows are cut
 * @param groups G
 * @param precisions the precisions that may occur, all different; kept widest first
 * @param allowDropped whether groups may be dropped
 */
public record ConfigEncoder(
    BlockShape shape, int groups, List<Precision> precisions, boolean allowDropped) {
  /** Validates and sorts. */
  public ConfigEncoder {
    if (groups < 1) {
      throw new IllegalArgumentException("groups: expected >= 1, got " + groups);
    }
    if (precisions.isEmpty()) {
      throw new IllegalArgumentException("precisions: expected at least one");
    }
    if (shape.blocks() + precisions.size() - (allowDropped ? 0 : 1) > Long.SIZE) {
      throw new IllegalArgumentException(
          "features of a group: expected at most 64, got %d blocks, %d precisions%s"
              .formatted(shape.blocks(), precisions.size(), allowDropped ? ", dropped" : ""));
    }
    precisions =
        precisions.stream()
            .distinct()
            .sorted(Comparator.comparingInt(Precision::bits).reversed())
            .toList();
  }

  /** An encoder of configurations without dropped groups. */
  public ConfigEncoder(BlockShape shape, int groups, List<Precision> precisions) {
    this(shape, groups, precisions, false);
  }

  /** Features of one group. */
  public int groupWidth() {
    return droppedFeature() + (allowDropped ? 1 : 0);
  }

  /** The feature of a group that says that it is dropped, if groups may be. */
  int droppedFeature() {
    return shape.blocks() + precisions.size() - 1;
  }

  /** Features of a configuration. */
  public int width() {
    return Math.multiplyExact(groups, groupWidth());
  }

  /**
   * The features of a group's choice as a mask over its {@link #groupWidth} features.
   *
   * @throws IllegalArgumentException for a precision that this encoder does not know, or a dropped
   *     group if it knows none
   */
  public long groupMask(BlockChoice choice) {
    if (choice.isDropped()) {
      if (!allowDropped) {
        throw new IllegalArgumentException("choice: expected a block at least, got none");
      }
      return 1L << droppedFeature();
    }
    int precision = precisions.indexOf(choice.precision());
    if (precision < 0) {
      throw new IllegalArgumentException(
          "precision: expected one of " + precisions + ", got " + choice.precision());
    }
    return precision == 0
        ? choice.blockMask()
        : choice.blockMask() | 1L << (shape.blocks() + precision - 1);
  }

  /** The features as zeros and ones. */
  public float[] dense(ElasticConfig config) {
    float[] features = new float[width()];
    for (int index : active(config)) {
      features[index] = 1;
    }
    return features;
  }

  /** Indices of the features that are one, ascending. */
  public int[] active(ElasticConfig config) {
    if (config.groups() != groups || !config.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "config: expected %d groups of %s, got %d of %s"
              .formatted(groups, shape, config.groups(), config.shape()));
    }
    int[] indices = new int[width()];
    int count = 0;
    for (int g = 0; g < groups; g++) {
      for (long left = groupMask(config.choice(g)); left != 0; left &= left - 1) {
        indices[count++] = g * groupWidth() + Long.numberOfTrailingZeros(left);
      }
    }
    return Arrays.copyOf(indices, count);
  }
}
