package org.concertina.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;

/**
 * The configurations that a search may choose.
 *
 * @param shape how rows are cut
 * @param groups G
 * @param precisions the precisions that a group may take; kept narrowest first
 * @param nestedOnly whether groups keep prefixes of the blocks only, not any subset
 * @param monotone whether no group may take more bytes a row than a more popular one; a search
 *     overfits its judge's users less that way
 * @param keptGroups groups, the most popular, that keep a block at least, 1 to G; the others may be
 *     dropped, so that their items cannot be recommended; nothing is the smallest choice, so in
 *     monotone allocations unpopular groups go first
 */
public record SearchSpace(
    BlockShape shape,
    int groups,
    List<Precision> precisions,
    boolean nestedOnly,
    boolean monotone,
    int keptGroups) {
  private static final int MAX_ENUMERATED_BLOCKS = 16;

  /** Validates and sorts. */
  public SearchSpace {
    if (groups < 1) {
      throw new IllegalArgumentException("groups: expected >= 1, got " + groups);
    }
    if (keptGroups < 1 || keptGroups > groups) {
      throw new IllegalArgumentException(
          "kept groups: expected 1 to %d, got %d".formatted(groups, keptGroups));
    }
    if (precisions.isEmpty()) {
      throw new IllegalArgumentException("precisions: expected at least one");
    }
    precisions =
        precisions.stream().distinct().sorted(Comparator.comparingInt(Precision::bits)).toList();
    for (Precision precision : precisions) {
      if (!saves(precision, shape)) {
        throw new IllegalArgumentException(
            "precisions: %s saves nothing on blocks of so few floats, got %s"
                .formatted(precision, shape));
      }
    }
  }

  /** Monotone allocations of nested blocks, and no group dropped: the default. */
  public static SearchSpace nested(BlockShape shape, int groups, List<Precision> precisions) {
    return new SearchSpace(shape, groups, precisions, true, true, groups);
  }

  /** A copy with other precisions. */
  public SearchSpace withPrecisions(List<Precision> others) {
    return new SearchSpace(shape, groups, others, nestedOnly, monotone, keptGroups);
  }

  /**
   * Whether a block in a precision is smaller than in the next wider one, although rows are padded:
   * int4 needs blocks of 3 floats, int2 of 5.
   */
  public static boolean saves(Precision precision, BlockShape shape) {
    int dims = shape.blockDim();
    return switch (precision) {
      case FP32, INT8 -> true;
      case INT4 -> Precision.INT4.rowBytes(dims) < Precision.INT8.rowBytes(dims);
      case INT2 -> Precision.INT2.rowBytes(dims) < Precision.INT4.rowBytes(dims);
    };
  }

  /** Whether any group may be dropped. */
  public boolean allowDropped() {
    return keptGroups < groups;
  }

  /** Whether a group may be dropped: never the most popular one, so that something is left. */
  public boolean mayDrop(int group) {
    return group >= keptGroups;
  }

  /**
   * All choices of a group that keeps a block.
   *
   * @throws IllegalStateException if there are more than a machine should list
   */
  public List<BlockChoice> choices() {
    if (!nestedOnly && shape.blocks() > MAX_ENUMERATED_BLOCKS) {
      throw new IllegalStateException(
          "choices: expected at most %d blocks for free subsets, got %d"
              .formatted(MAX_ENUMERATED_BLOCKS, shape.blocks()));
    }
    List<BlockChoice> choices = new ArrayList<>();
    for (Precision precision : precisions) {
      for (int count = 1; nestedOnly && count <= shape.blocks(); count++) {
        choices.add(BlockChoice.prefix(count, precision));
      }
      for (long mask = 1; !nestedOnly && mask <= shape.fullMask(); mask++) {
        choices.add(new BlockChoice(mask, precision));
      }
    }
    return choices;
  }

  /** Bytes of one packed row under a choice. */
  public long rowBytes(BlockChoice choice) {
    return choice.precision().rowBytes(shape.keptDims(choice));
  }

  /** The first block in the narrowest precision, everywhere or where no group may be dropped. */
  public ElasticConfig smallest() {
    BlockChoice[] choices = new BlockChoice[groups];
    for (int g = 0; g < groups; g++) {
      choices[g] = mayDrop(g) ? BlockChoice.DROPPED : BlockChoice.prefix(1, precisions.getFirst());
    }
    return new ElasticConfig(shape, List.of(choices));
  }

  /** All blocks everywhere in the widest precision. */
  public ElasticConfig largest() {
    return ElasticConfig.uniform(shape, groups, shape.blocks(), precisions.getLast());
  }

  /**
   * Checks that something fits a budget.
   *
   * @throws BudgetTooSmallException if not
   */
  public void checkBudget(ArtifactLayout layout, long budgetBytes) {
    long smallest = layout.fileBytes(smallest());
    if (budgetBytes < smallest) {
      Precision narrowest = narrowest(shape);
      String narrower =
          precisions.getFirst() == narrowest
              ? ""
              : ", allow the precision " + narrowest.name().toLowerCase(Locale.ROOT);
      String fewer = allowDropped() ? "" : ", allow groups to be dropped";
      throw new BudgetTooSmallException(
          budgetBytes,
          smallest,
          "raise the budget%s%s, or train with more and smaller blocks".formatted(narrower, fewer));
    }
  }

  private static Precision narrowest(BlockShape shape) {
    return Arrays.stream(Precision.values())
        .filter(precision -> saves(precision, shape))
        .min(Comparator.comparingInt(Precision::bits))
        .orElseThrow();
  }

  /** Whether a configuration belongs to this space. */
  public boolean contains(ElasticConfig config) {
    return config.shape().equals(shape)
        && config.groups() == groups
        && IntStream.range(0, groups).allMatch(g -> contains(g, config.choice(g)))
        && (!monotone || isMonotone(config.choices()));
  }

  private boolean contains(int group, BlockChoice choice) {
    return choice.isDropped()
        ? mayDrop(group)
        : precisions.contains(choice.precision()) && (!nestedOnly || choice.isPrefix());
  }

  /** Whether bytes a row fall, or stay, from every group to the next. */
  public boolean isMonotone(List<BlockChoice> choices) {
    for (int g = 1; g < choices.size(); g++) {
      if (rowBytes(choices.get(g)) > rowBytes(choices.get(g - 1))) {
        return false;
      }
    }
    return true;
  }

  /** Choices with one block more; the first in the narrowest precision. */
  List<BlockChoice> withBlockAdded(BlockChoice choice) {
    Precision precision = choice.isDropped() ? precisions.getFirst() : choice.precision();
    long free = shape.fullMask() & ~choice.blockMask();
    if (nestedOnly) {
      free = Long.lowestOneBit(free);
    }
    List<BlockChoice> steps = new ArrayList<>();
    for (long left = free; left != 0; left &= left - 1) {
      steps.add(new BlockChoice(choice.blockMask() | Long.lowestOneBit(left), precision));
    }
    return steps;
  }

  /** Choices of a group with one block less, which may be none. */
  List<BlockChoice> withBlockRemoved(int group, BlockChoice choice) {
    List<BlockChoice> steps = new ArrayList<>();
    if (choice.keptBlocks() > 1 || mayDrop(group)) {
      long kept = nestedOnly ? Long.highestOneBit(choice.blockMask()) : choice.blockMask();
      for (long left = kept; left != 0; left &= left - 1) {
        steps.add(
            new BlockChoice(choice.blockMask() & ~Long.lowestOneBit(left), choice.precision()));
      }
    }
    return steps;
  }

  /** The same blocks in the next precision; nothing if there is none, or no block. */
  List<BlockChoice> withPrecisionMoved(BlockChoice choice, int by) {
    int next = precisions.indexOf(choice.precision()) + by;
    return choice.isDropped() || next < 0 || next >= precisions.size()
        ? List.of()
        : List.of(new BlockChoice(choice.blockMask(), precisions.get(next)));
  }

  /**
   * The next precision with as many blocks as take no more bytes, or nothing: narrower elements for
   * more blocks, or the other way round.
   */
  List<BlockChoice> withPrecisionTraded(BlockChoice choice, int by) {
    List<BlockChoice> traded = new ArrayList<>();
    for (BlockChoice moved : withPrecisionMoved(choice, by)) {
      long mask = moved.blockMask();
      while (rowBytes(new BlockChoice(mask, moved.precision())) > rowBytes(choice)) {
        if (Long.bitCount(mask) == 1) {
          return List.of();
        }
        mask &= ~Long.highestOneBit(mask);
      }
      for (long free = shape.fullMask() & ~mask; free != 0; free &= free - 1) {
        long more = mask | Long.lowestOneBit(free);
        if (rowBytes(new BlockChoice(more, moved.precision())) > rowBytes(choice)) {
          break;
        }
        mask = more;
      }
      traded.add(new BlockChoice(mask, moved.precision()));
    }
    return traded;
  }

  /** Next larger choices: a block more, or the next wider precision. */
  List<BlockChoice> larger(BlockChoice choice) {
    List<BlockChoice> steps = withBlockAdded(choice);
    steps.addAll(withPrecisionMoved(choice, 1));
    return steps;
  }

  /** Next smaller choices of a group: a block less, or the next narrower precision. */
  List<BlockChoice> smaller(int group, BlockChoice choice) {
    List<BlockChoice> steps = withBlockRemoved(group, choice);
    steps.addAll(withPrecisionMoved(choice, -1));
    return steps;
  }
}
