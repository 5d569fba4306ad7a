package org.concertina.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.concertina.block.ArtifactLayout;
import org.concertina.search.SearchListener.Phase;

/**
 * Fills the whole front, from the smallest artifact to the largest: searches a grid of sizes and
 * the budgets that were asked for, and grows every choice, popular groups first, towards the next
 * size.
 */
final class FrontFill {
  /** Searches one size. */
  @FunctionalInterface
  interface SizeSearch {
    /**
     * Searches.
     *
     * @param asked whether somebody waits for this very size, so that it is worth more time
     */
    BudgetResult search(Budget budget, long budgetBytes, boolean asked);
  }

  /**
   * A filled front.
   *
   * @param front the best known configuration for any budget
   * @param results of the budgets that were asked for, in their order; of all sizes if none were
   */
  record Filled(ParetoFront front, List<BudgetResult> results) {}

  private final SearchSpace space;
  private final ArtifactLayout layout;
  private final SearchConfig config;
  private final Jury jury;
  private final SearchListener listener;

  FrontFill(
      SearchSpace space,
      ArtifactLayout layout,
      SearchConfig config,
      Jury jury,
      SearchListener listener) {
    this.space = space;
    this.layout = layout;
    this.config = config;
    this.jury = jury;
    this.listener = listener;
  }

  /** All sizes, ascending. */
  long[] sizes(long... asked) {
    int count = asked.length == 0 ? Math.max(2, config.front().sizes()) : config.front().sizes();
    return BudgetGrid.of(
        layout.fileBytes(space.smallest()), layout.fileBytes(space.largest()), count, asked);
  }

  Filled fill(List<Budget> budgets, SizeSearch search) {
    long[] asked = budgets.stream().mapToLong(budget -> budget.bytes(layout)).toArray();
    Map<Long, Budget> names = new HashMap<>();
    for (int i = 0; i < asked.length; i++) {
      names.putIfAbsent(asked[i], budgets.get(i));
    }
    long[] sizes = sizes(asked);
    Map<Long, BudgetResult> results = new HashMap<>();
    List<FrontPoint> points = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      listener.progress(Phase.BUDGETS, i, sizes.length);
      Budget named = names.getOrDefault(sizes[i], Budget.ofBytes(sizes[i]));
      BudgetResult result = search.search(named, sizes[i], names.containsKey(sizes[i]));
      results.put(sizes[i], result);
      points.add(result.chosen());
    }
    listener.progress(Phase.BUDGETS, sizes.length, sizes.length);
    grow(points, sizes);
    ParetoFront front = ParetoFront.of(config.objective(), points);
    long[] reported = asked.length == 0 ? sizes : asked;
    List<BudgetResult> ordered = new ArrayList<>();
    for (int i = 0; i < reported.length; i++) {
      BudgetResult result = agree(results.get(reported[i]), front);
      ordered.add(asked.length == 0 ? result : result.withBudget(budgets.get(i)));
    }
    return new Filled(front, List.copyOf(ordered));
  }

  /**
   * Appends what lies between the sizes. What would be preferred to the next size's choice is left
   * out: that choice was weighed, a grown one was not.
   */
  private void grow(List<FrontPoint> points, long... sizes) {
    int chosen = points.size();
    for (int i = 0; i < chosen; i++) {
      listener.progress(Phase.FRONT, i, chosen);
      if (i + 1 < chosen) {
        double limit = points.get(i + 1).merit(config.objective());
        new Repair(space, sizes[i + 1])
            .fillPopularFirstInPlace(
                Genome.of(layout, points.get(i).config()),
                grown -> {
                  FrontPoint point = jury.point(grown.toConfig());
                  if (point.merit(config.objective()) < limit) {
                    points.add(point);
                  }
                });
      }
    }
    listener.progress(Phase.FRONT, chosen, chosen);
  }

  /** A smaller choice may turn out to be as good or better. */
  private static BudgetResult agree(BudgetResult result, ParetoFront front) {
    FrontPoint best = front.best(result.budgetBytes());
    return best.config().equals(result.chosen().config())
        ? result
        : result.withChosen(best, "smaller size");
  }

  /** The largest size. */
  long largest(List<Budget> budgets) {
    long[] asked = budgets.stream().mapToLong(budget -> budget.bytes(layout)).toArray();
    return Arrays.stream(sizes(asked)).max().orElseThrow();
  }
}
