package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.GroupPacker;
import org.concertina.block.Precision;
import org.concertina.block.ScreenBounds;
import org.concertina.block.UnitUser;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.ScreenTask;
import org.concertina.memory.CappedArena;
import org.concertina.metric.TopK;

/**
 * What is asked for one user: the vector, gathered once for every block mask, the rows that are out
 * of the question, and the best rows so far. Scratch of one thread.
 */
final class UserQuery {
  /** Requests of more rows than this make room for them once. */
  private static final int USUAL_K = 128;

  final MemorySegment queries;

  /** Null if no group is screened. */
  final QueryCodes codes;

  private final ServingPlan plan;

  /** Null if items have no prior. */
  private final UnitUser unitUser;

  /** A copy, so that kernels and loops meet one kind of memory whatever a caller's vector is in. */
  private final MemorySegment vector;

  private final double[] blockSquares;

  TopK top;

  /** Rows that wait for their exact scores. */
  final Candidates candidates;

  /** Bits of rows to leave out, or null. */
  MemorySegment excluded;

  /** Bits of more rows to leave out, or null. */
  MemorySegment seen;

  /** Whether priors are added; scores have to be divided by {@link #norm} otherwise. */
  boolean withPrior;

  /** Whether the group that is being ranked has a chance. */
  boolean asksGroup;

  /** Whether it is screened. */
  boolean screensGroup;

  /** What screening is asked of it; null if no group is screened. */
  final ScreenTask task;

  /** How much a row's score may be above what screening says. */
  float screenMargin;

  /** Norm of what the group is screened with, at most. */
  private double screenNorm;

  /** Norms of its rows; null if nobody has measured them. */
  private RowNorms rowNorms;

  /** How many groups had none. */
  int skippedGroups;

  private double norm;

  /** Takes {@link #scratchBytes} from the arena, which owns them. */
  UserQuery(ServingPlan plan, ScreenOps screenOps, CappedArena arena, UnitUser unitUser) {
    this.plan = plan;
    this.queries = arena.allocate(plan.queryBytes, "gathered user vectors");
    this.vector = arena.allocate(plan.vectorBytes(), "user vector");
    this.codes = plan.screensAny() ? new QueryCodes(plan, screenOps, arena) : null;
    this.task = plan.screensAny() ? new ScreenTask() : null;
    this.unitUser = unitUser;
    this.blockSquares = new double[plan.shape.blocks()];
    this.top = new TopK(Math.min(USUAL_K, plan.items));
    this.candidates = new Candidates(top.capacity());
  }

  static long scratchBytes(ServingPlan plan) {
    return plan.queryBytes
        + plan.vectorBytes()
        + (plan.screensAny() ? QueryCodes.scratchBytes(plan) : 0);
  }

  /**
   * Starts a request.
   *
   * @param wanted k, at most the number of rows
   */
  void begin(int wanted, MemorySegment excludedWords, MemorySegment seenWords) {
    if (top.capacity() < wanted) {
      top = new TopK(wanted);
    }
    top.reset(wanted);
    candidates.begin(wanted);
    excluded = excludedWords;
    seen = seenWords;
    skippedGroups = 0;
  }

  /**
   * Gathers a user's vector.
   *
   * @param addPrior whether the items' priors, if they have any, are part of scores
   * @throws IllegalArgumentException if it is not finite or too long
   */
  void setUser(MemorySegment user, long offsetBytes, boolean addPrior) {
    MemorySegment.copy(user, offsetBytes, vector, 0, plan.vectorBytes());
    norm = measure(vector);
    if (!(norm <= Recommender.MAX_USER_NORM)) {
      throw new IllegalArgumentException(
          "userVector: expected finite floats and a norm of at most %s, got norm %s"
              .formatted(Recommender.MAX_USER_NORM, norm));
    }
    withPrior = addPrior && unitUser != null;
    MemorySegment ranked = vector;
    if (withPrior) {
      ranked = unitUser.of(vector, 0);
      measure(ranked);
      norm = 1;
    }
    for (int i = 0; i < plan.distinctMasks.length; i++) {
      GroupPacker.gatherUser(
          ranked, 0, plan.shape, plan.distinctMasks[i], queries, plan.distinctOffsets[i]);
    }
    if (codes != null) {
      codes.set(ranked, norm);
    }
  }

  /** Returns the norm and keeps the squared norm of every block. */
  private double measure(MemorySegment user) {
    double squared = 0;
    long at = 0;
    for (int block = 0; block < blockSquares.length; block++) {
      double ofBlock = 0;
      for (int k = 0; k < plan.shape.blockDim(); k++) {
        double value = user.get(ValueLayout.JAVA_FLOAT, at);
        squared += value * value;
        ofBlock += value * value;
        at += Float.BYTES;
      }
      blockSquares[block] = ofBlock;
    }
    return Math.sqrt(squared);
  }

  /** Where the query of a group stands in {@link #queries}. */
  long queryAt(int group) {
    return plan.queryOffsets[group];
  }

  /** Norm of the query of a group. */
  double queryNorm(int group) {
    double squared = 0;
    for (long left = plan.masks[group]; left != 0; left &= left - 1) {
      squared += blockSquares[Long.numberOfTrailingZeros(left)];
    }
    return Math.sqrt(squared);
  }

  /**
   * Settles whether and how the rows of a group are screened: neither with a vector of next to
   * nothing, nor if rows are so long that sums would overflow, or that kernels would hold them of
   * coarse codes alone.
   */
  void prepareScreen(int group) {
    screensGroup = false;
    if (plan.screenScale(group) == 0) {
      return;
    }
    double queryNorm = queryNorm(group);
    double queryError = codes.error(group);
    ScreenBounds.Rows rows = plan.bounds.screened(group);
    screenMargin = rows.margin(queryNorm, queryError);
    screenNorm = queryNorm + queryError;
    task.factor = codes.factor(group);
    double prior = withPrior ? plan.bounds.largestPriorMagnitude(group) : 0;
    screensGroup =
        task.factor != 0
            && queryError <= queryNorm * ScreenBounds.MAX_QUERY_ERROR
            && rows.isFarFromOverflow(screenNorm, prior);
    if (screensGroup) {
      task.dims = plan.dims[group];
      task.query = codes.codes();
      task.queryOffsetBytes = codes.codesAt(group);
      task.priors = plan.bytes;
      task.priorScale = withPrior ? plan.priorScales[group] : 0;
      task.priorBase = withPrior ? plan.priorBases[group] : 0;
      boolean floats = plan.precisions[group] == Precision.FP32;
      task.tiles = floats ? plan.floatCodes.codes() : plan.bytes;
      rowNorms = plan.rowNorms;
      task.norms = rowNorms == null ? plan.bytes : rowNorms.norms();
      task.normScale = rowNorms == null ? 0 : rowNorms.scale(group);
    }
  }

  /** Asks for those of a run of the group's rows that may be among the best. */
  void prepareTiles(int group, int firstRow, int tileCount) {
    boolean floats = plan.precisions[group] == Precision.FP32;
    task.tilesOffsetBytes =
        floats ? plan.floatCodes.tileOffset(group, firstRow) : plan.tileOffset(group, firstRow);
    task.tileCount = tileCount;
    boolean coded = withPrior && plan.priorOffsets[group] >= 0;
    task.priorsOffsetBytes =
        coded ? plan.priorOffsets[group] + firstRow - plan.starts[group] : ScreenTask.NONE;
    task.normsOffsetBytes =
        rowNorms == null ? ScreenTask.NONE : rowNorms.offsetBytes(group, firstRow);
    task.bar = ScreenBounds.threshold(threshold(), screenMargin);
    double prior = withPrior ? plan.bounds.largestPrior(group) : 0;
    task.productBar = plan.bounds.screened(group).productBar(task.bar, screenNorm, prior);
  }

  /** The score that a user of the runtime sees. */
  float reported(float ranked) {
    return norm == 0 ? 0f : (float) (ranked / norm);
  }

  /** What the score of a row that comes now has to be above to be among the best. */
  float threshold() {
    return Math.max(top.threshold(), candidates.floor());
  }

  /** Whether a row is not left out. */
  boolean admits(int row) {
    return (excluded == null || !RowFilter.isSet(excluded, row))
        && (seen == null || !RowFilter.isSet(seen, row));
  }

  /** Writes the best rows from a place of both arrays on; returns how many. */
  int write(int[] outRows, float[] outScores, int at) {
    top.sortInPlace();
    int size = top.size();
    for (int rank = 0; rank < size; rank++) {
      outRows[at + rank] = top.id(rank);
      outScores[at + rank] = reported(top.score(rank));
    }
    return size;
  }
}
