package org.concertina.block;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * One elastic configuration of the whole table: a {@link BlockChoice} for every group.
 *
 * @param shape how rows are cut
 * @param choices one choice a group, most popular group first; not all dropped
 */
public record ElasticConfig(BlockShape shape, List<BlockChoice> choices) {
  /** Validates and copies. */
  public ElasticConfig {
    choices = List.copyOf(choices);
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("choices: expected at least one group");
    }
    long kept = 0;
    for (BlockChoice choice : choices) {
      kept |= choice.blockMask();
      if ((choice.blockMask() & ~shape.fullMask()) != 0) {
        throw new IllegalArgumentException(
            "blockMask: expected within %d blocks, got %x"
                .formatted(shape.blocks(), choice.blockMask()));
      }
    }
    if (kept == 0) {
      throw new IllegalArgumentException("choices: expected a group that keeps a block, got none");
    }
  }

  /** Every group keeps the first {@code blocks} blocks in one precision. */
  public static ElasticConfig uniform(
      BlockShape shape, int groups, int blocks, Precision precision) {
    BlockChoice[] choices = new BlockChoice[groups];
    Arrays.fill(choices, BlockChoice.prefix(blocks, precision));
    return new ElasticConfig(shape, List.of(choices));
  }

  /** The whole table in fp32. */
  public static ElasticConfig full(BlockShape shape, int groups) {
    return uniform(shape, groups, shape.blocks(), Precision.FP32);
  }

  /** The choice of a group. */
  public BlockChoice choice(int group) {
    return choices.get(group);
  }

  /** Number of groups. */
  public int groups() {
    return choices.size();
  }

  /** The precisions that occur, widest first. */
  public List<Precision> precisions() {
    return choices.stream()
        .filter(choice -> !choice.isDropped())
        .map(BlockChoice::precision)
        .distinct()
        .sorted()
        .toList();
  }

  /** The groups that are dropped. */
  public BitSet dropped() {
    BitSet dropped = new BitSet();
    for (int g = 0; g < groups(); g++) {
      dropped.set(g, choice(g).isDropped());
    }
    return dropped;
  }

  /**
   * The share of the catalogue that can be recommended at all.
   *
   * @param groups of the configuration
   * @return above 0, and 1 if no group is dropped
   */
  public double coverage(Groups groups) {
    long reachable = 0;
    for (int g = 0; g < groups(); g++) {
      reachable += choice(g).isDropped() ? 0 : groups.size(g);
    }
    return (double) reachable / groups.items();
  }

  /** A copy in which one group has another choice. */
  public ElasticConfig withChoice(int group, BlockChoice choice) {
    Objects.checkIndex(group, groups());
    return new ElasticConfig(
        shape,
        IntStream.range(0, groups()).mapToObj(g -> g == group ? choice : choices.get(g)).toList());
  }
}
