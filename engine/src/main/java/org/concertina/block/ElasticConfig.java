package org.concertina.block;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * One elastic configuration of the whole table: a {@link BlockChoice} for every group.
 *
 * @param shape how rows are cut
 * @param choices one choice a group, most popular group first
 */
public record ElasticConfig(BlockShape shape, List<BlockChoice> choices) {
  /** Validates and copies. */
  public ElasticConfig {
    choices = List.copyOf(choices);
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("choices: expected at least one group");
    }
    for (BlockChoice choice : choices) {
      if ((choice.blockMask() & ~shape.fullMask()) != 0) {
        throw new IllegalArgumentException(
            "blockMask: expected within %d blocks, got %x"
                .formatted(shape.blocks(), choice.blockMask()));
      }
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
    return choices.stream().map(BlockChoice::precision).distinct().sorted().toList();
  }

  /** A copy in which one group has another choice. */
  public ElasticConfig withChoice(int group, BlockChoice choice) {
    Objects.checkIndex(group, groups());
    return new ElasticConfig(
        shape,
        IntStream.range(0, groups()).mapToObj(g -> g == group ? choice : choices.get(g)).toList());
  }
}
