package org.concertina.baseline;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.NarrowCodes;
import org.concertina.kernel.TileOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * What a device would compute with if groups kept the first blocks of their rows in {@link
 * NarrowCodes}, one choice a group, and the bytes that it would need. Immutable.
 *
 * @param shape how rows are cut
 * @param choices of the groups, most popular first
 */
public record CodedGroups(BlockShape shape, List<Choice> choices) {
  private static final int LEVELS = 4_096;
  private static final int ROWS_PER_TASK = 1024;

  /**
   * What a group keeps.
   *
   * @param bits of an element: 1, 2, 4 or 8
   * @param blocks the first so many, at least 1
   */
  public record Choice(int bits, int blocks) {
    /** Validates. */
    public Choice {
      NarrowCodes.requireBits(bits);
      if (blocks < 1) {
        throw new IllegalArgumentException("blocks: expected >= 1, got " + blocks);
      }
    }

    @Override
    public String toString() {
      return "%d blocks in %d bits".formatted(blocks, bits);
    }
  }

  /** Validates and copies. */
  public CodedGroups {
    choices = List.copyOf(choices);
    for (Choice choice : choices) {
      if (choice.blocks() > shape.blocks()) {
        throw new IllegalArgumentException(
            "blocks: expected at most %d, got %d".formatted(shape.blocks(), choice.blocks()));
      }
    }
  }

  /** Every group keeps the same. */
  public static CodedGroups uniform(BlockShape shape, int groups, Choice choice) {
    return new CodedGroups(shape, Collections.nCopies(groups, choice));
  }

  /**
   * Choices of growing rows: the prefixes in the fewest bits, and in more bits those prefixes that
   * take more than whole rows did before.
   *
   * @param bits ascending
   */
  public static List<Choice> ladder(BlockShape shape, List<Integer> bits) {
    List<Choice> ladder = new ArrayList<>();
    int most = 0;
    for (int width : bits) {
      for (int blocks = 1; blocks <= shape.blocks(); blocks++) {
        if (width * blocks > most) {
          ladder.add(new Choice(width, blocks));
        }
      }
      most = width * shape.blocks();
    }
    return ladder;
  }

  /**
   * Gives popular groups more of a ladder, by the rule of {@link
   * org.concertina.search.PopularitySkewed}.
   *
   * @param skew weight of the most popular group over that of the least popular, at least 1
   * @return nothing if the first choice everywhere does not fit
   */
  public static Optional<CodedGroups> skewed(
      ArtifactLayout layout, List<Choice> ladder, double skew, long budgetBytes) {
    if (atLevel(layout, ladder, skew, 0).fileBytes(layout) > budgetBytes) {
      return Optional.empty();
    }
    int least = 0;
    int most = LEVELS;
    while (least < most) {
      int middle = (least + most + 1) / 2;
      if (atLevel(layout, ladder, skew, middle).fileBytes(layout) <= budgetBytes) {
        least = middle;
      } else {
        most = middle - 1;
      }
    }
    return Optional.of(atLevel(layout, ladder, skew, least).filled(layout, ladder, budgetBytes));
  }

  private static CodedGroups atLevel(
      ArtifactLayout layout, List<Choice> ladder, double skew, int level) {
    int groups = layout.groups().count();
    double scale = weight(ladder.getLast()) * skew * level / LEVELS;
    List<Choice> choices = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      double rank = groups == 1 ? 0 : g / (groups - 1.0);
      double most = scale * StrictMath.pow(skew, -rank) + 1e-6;
      int step = 0;
      while (step + 1 < ladder.size() && weight(ladder.get(step + 1)) <= most) {
        step++;
      }
      choices.add(ladder.get(step));
    }
    return new CodedGroups(layout.shape(), choices);
  }

  /** One more step for every group from the first on that has fewer than the one before. */
  private CodedGroups filled(ArtifactLayout layout, List<Choice> ladder, long budgetBytes) {
    CodedGroups filled = this;
    for (int g = 0; g < choices.size(); g++) {
      int step = ladder.indexOf(choices.get(g));
      boolean mayGrow = g == 0 || step < ladder.indexOf(filled.choices.get(g - 1));
      if (mayGrow && step + 1 < ladder.size()) {
        List<Choice> more = new ArrayList<>(filled.choices);
        more.set(g, ladder.get(step + 1));
        CodedGroups larger = new CodedGroups(shape, more);
        filled = larger.fileBytes(layout) <= budgetBytes ? larger : filled;
      }
    }
    return filled;
  }

  private static int weight(Choice choice) {
    return choice.bits() * choice.blocks();
  }

  /**
   * Bytes of the whole file, as an artifact of this layout would take them: header, directory, rows
   * in tiles of 16, priors and ids.
   */
  public long fileBytes(ArtifactLayout layout) {
    long bytes = layout.rowsOffsetBytes() + ArtifactLayout.align(layout.ids().allBytes());
    for (int g = 0; g < choices.size(); g++) {
      long bits = (long) weight(choices.get(g)) * shape.blockDim();
      long tiles = Math.ceilDiv(layout.tileCount(g) * bits * TileOps.TILE_ROWS, Byte.SIZE);
      bytes += ArtifactLayout.align(tiles) + layout.priorBytes(g);
    }
    return bytes;
  }

  /**
   * Codes the rows of a table and reads them back.
   *
   * @param items a row an item, most popular first
   * @param arena owns the result
   * @return unit rows, zero behind the kept blocks
   */
  public FloatTable decoded(FloatTable items, Groups groups, CappedArena arena, WorkerPool pool) {
    FloatTable rows = FloatTable.allocate(arena, items.rows(), items.dim(), "decoded rows");
    int tasks = (int) Math.ceilDiv(items.rows(), ROWS_PER_TASK);
    pool.run(
        tasks,
        (task, worker) -> {
          int end = (int) Math.min(items.rows(), (task + 1L) * ROWS_PER_TASK);
          for (int item = task * ROWS_PER_TASK; item < end; item++) {
            Choice choice = choices.get(groups.groupOf(item));
            int dims = choice.blocks() * shape.blockDim();
            long at = rows.rowOffsetBytes(item);
            MemorySegment.copy(
                items.segment(),
                items.rowOffsetBytes(item),
                rows.segment(),
                at,
                (long) dims * Float.BYTES);
            NarrowCodes.quantizeInPlace(rows.segment(), at, dims, choice.bits());
          }
        });
    return rows;
  }
}
