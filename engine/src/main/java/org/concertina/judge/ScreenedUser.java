package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.GroupPrior;
import org.concertina.block.ScreenBounds;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.ScreenTask;
import org.concertina.kernel.TileOps;
import org.concertina.memory.CappedArena;
import org.concertina.metric.TopK;

/**
 * Selects the best rows of a packed group for one user after another without scoring all of them:
 * kernels report the rows that may reach the user's floor, by the user's vector in bytes, and those
 * alone are scored exactly. Selects what {@link GroupScores} selects. Scratch of one thread.
 */
final class ScreenedUser {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  private final ScreenOps screenOps;
  private final PackedGroup packed;
  private final ScreenedGroup group;
  private final ScreenTask task = new ScreenTask();
  private final MemorySegment query;
  private final MemorySegment entries;
  private final int[] rows;
  private final float[] scores;

  /** Norm of what rounding took from the query. */
  private double queryError;

  ScreenedUser(
      CappedArena arena,
      ScreenOps screenOps,
      PackedGroup packed,
      ScreenedGroup group,
      int largest,
      int dim) {
    this.screenOps = screenOps;
    this.packed = packed;
    this.group = group;
    int places = Math.ceilDiv(largest, TileOps.TILE_ROWS) * TileOps.TILE_ROWS;
    this.query = arena.allocate(dim, "judge: user vector in bytes");
    this.entries =
        arena.allocate((long) places * ScreenOps.ENTRY_BYTES, "judge: rows that may matter");
    this.rows = new int[places];
    this.scores = new float[places];
  }

  /**
   * Offers the rows that reach a floor, but those that are left out.
   *
   * @param user {@code kept} floats
   * @param floor negative infinity if there is none
   */
  void offer(MemorySegment user, float floor, RowSet leftOut, TopK best) {
    // Of a vector that cannot be screened by, every row may matter.
    boolean screens = floor > Float.NEGATIVE_INFINITY && prepare(user, floor);
    int reported = screens ? group.screen(task, entries) : packed.size;
    int count = 0;
    for (int i = 0; i < reported; i++) {
      int row = screens ? ScreenOps.row(entry(i)) : i;
      if (row < packed.size && !leftOut.contains(row)) {
        rows[count++] = row;
      }
    }
    packed.score(user, rows, count, scores);
    for (int i = 0; i < count; i++) {
      if (scores[i] >= floor && scores[i] > Float.NEGATIVE_INFINITY) {
        best.offer(scores[i], packed.start + rows[i]);
      }
    }
  }

  private long entry(int i) {
    return entries.get(ValueLayout.JAVA_LONG, (long) i * ScreenOps.ENTRY_BYTES);
  }

  /** Asks for the rows that may reach the floor; false if the vector cannot be screened by. */
  private boolean prepare(MemorySegment user, float floor) {
    ScreenBounds.Rows screened = group.rows();
    float largest = 0;
    double squares = 0;
    for (int k = 0; k < packed.kept; k++) {
      float element = user.getAtIndex(F32, k);
      largest = Math.max(largest, Math.abs(element));
      squares += (double) element * element;
    }
    double norm = Math.sqrt(squares);
    int maxCode = screened.maxQueryCode(screenOps);
    double most = group.maxQueryNorm();
    double step = Math.max((double) largest / maxCode, norm / most);
    // Of a vector of zeros or one that is not finite, and where codes would be too coarse.
    if (!(step > 0 && step <= Float.MAX_VALUE && most >= 1) || !round(user, step, maxCode)) {
      return false;
    }
    double reach = norm + queryError;
    GroupPrior prior = packed.prior;
    double largestPrior = prior == null ? 0 : GroupPrior.largest(prior.scale(), prior.base());
    double magnitude = prior == null ? 0 : GroupPrior.largestMagnitude(prior.scale(), prior.base());
    task.factor = screened.factor(step);
    if (task.factor == 0
        || queryError > norm * ScreenBounds.MAX_QUERY_ERROR
        || !screened.isFarFromOverflow(reach, magnitude)) {
      return false;
    }
    group.describe(task);
    task.query = query;
    task.queryOffsetBytes = 0;
    task.bar = ScreenBounds.threshold(Math.nextDown(floor), screened.margin(norm, queryError));
    task.productBar = screened.productBar(task.bar, reach, largestPrior);
    return true;
  }

  /** Makes the codes; false if kernels do not hold them. */
  private boolean round(MemorySegment user, double step, int maxCode) {
    double codesPerUnit = 1 / step;
    double squared = 0;
    int largest = 0;
    int squares = 0;
    for (int k = 0; k < packed.kept; k++) {
      float element = user.getAtIndex(F32, k);
      int code = (int) Math.rint(element * codesPerUnit);
      query.set(ValueLayout.JAVA_BYTE, k, (byte) code);
      double error = element - code * step;
      squared += error * error;
      largest = Math.max(largest, Math.abs(code));
      squares += code * code;
    }
    queryError = Math.sqrt(squared);
    return largest <= maxCode && Math.sqrt(squares) * group.rows().codeNorm() <= screenOps.maxSum();
  }
}
