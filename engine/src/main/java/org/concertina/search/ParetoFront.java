package org.concertina.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Configurations of which none is both larger and no better than another: the best known for any
 * budget. Immutable.
 */
public final class ParetoFront {
  private final Objective objective;
  private final List<FrontPoint> points;

  private ParetoFront(Objective objective, List<FrontPoint> points) {
    this.objective = objective;
    this.points = points;
  }

  /**
   * Keeps the points that no other dominates; of equals, one.
   *
   * @param candidates at least one
   */
  public static ParetoFront of(Objective objective, Collection<FrontPoint> candidates) {
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("front: expected at least one point");
    }
    List<FrontPoint> sorted = new ArrayList<>(candidates);
    sorted.sort(
        Comparator.comparingLong(FrontPoint::fileBytes)
            .thenComparing(
                Comparator.<FrontPoint>comparingDouble(p -> p.merit(objective)).reversed()));
    List<FrontPoint> kept = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (FrontPoint point : sorted) {
      if (point.merit(objective) > best) {
        best = point.merit(objective);
        kept.add(point);
      }
    }
    if (kept.isEmpty()) {
      throw new IllegalArgumentException("front: expected a point whose metric is a number");
    }
    return new ParetoFront(objective, List.copyOf(kept));
  }

  /** What the metric is. */
  public Objective objective() {
    return objective;
  }

  /** The points, smallest first, each better than all before it. */
  public List<FrontPoint> points() {
    return points;
  }

  /**
   * The best point that fits a budget; a binary search.
   *
   * @throws BudgetTooSmallException if none fits
   */
  public FrontPoint best(long budgetBytes) {
    int low = 0;
    int high = points.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (points.get(middle).fileBytes() <= budgetBytes) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      throw new BudgetTooSmallException(
          budgetBytes,
          points.getFirst().fileBytes(),
          "raise the budget, or search again with a smaller one");
    }
    return points.get(low - 1);
  }
}
