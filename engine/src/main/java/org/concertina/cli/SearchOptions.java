package org.concertina.cli;

import java.util.List;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.search.Budget;
import org.concertina.search.EvolutionConfig;
import org.concertina.search.FrontConfig;
import org.concertina.search.Objective;
import org.concertina.search.SearchConfig;
import org.concertina.search.SearchSpace;
import org.concertina.search.StrategyKind;
import picocli.CommandLine.Option;

/** Options that decide what a search looks for and how long. */
final class SearchOptions {
  private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";

  @Option(
      names = "--group-by",
      paramLabel = "NAME",
      defaultValue = "count",
      description =
          "What groups have equal shares of: count (items) or mass (training interactions, so that"
              + " groups of popular items are small); or learned: boundaries that part items of"
              + " different popularity best."
              + DEFAULT)
  GroupBy groupBy;

  @Option(
      names = "--precisions",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "int2,int4,int8,fp32",
      description =
          "Precisions that a group may be kept in; int4 only if blocks have 3 floats at least,"
              + " int2 if 5."
              + DEFAULT)
  List<Precision> precisions;

  @Option(
      names = "--objective",
      paramLabel = "NAME",
      defaultValue = "recall",
      description = "What to make large, at cut-off 20: recall or ndcg." + DEFAULT)
  Objective objective;

  @Option(names = "--any-subset", description = "Groups may keep any blocks, not only the first k.")
  boolean anySubset;

  @Option(
      names = "--any-order",
      description = "A group may take more bytes a row than a more popular one.")
  boolean anyOrder;

  @Option(
      names = "--allow-dropped",
      description =
          "Groups may keep nothing at all: their items are never recommended. The share of the"
              + " catalogue that is left is printed beside the metric.")
  boolean allowDropped;

  @Option(
      names = "--min-coverage",
      paramLabel = "P",
      description =
          "With --allow-dropped: share of the catalogue that is never dropped, from 0 to 1, the"
              + " most popular items, in whole groups (default: 0, one group).")
  Double minCoverage;

  @Option(
      names = "--labels",
      paramLabel = "N",
      defaultValue = "3000",
      description = "Configurations judged to train the estimator." + DEFAULT)
  int labels;

  @Option(
      names = "--held-out",
      paramLabel = "N",
      defaultValue = "400",
      description = "Configurations judged to measure the estimator." + DEFAULT)
  int heldOut;

  @Option(
      names = "--generations",
      paramLabel = "N",
      defaultValue = "80",
      description = "Generations of the evolution, for every budget." + DEFAULT)
  int generations;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      defaultValue = "evolution",
      description =
          "What proposes configurations: evolution (started from all others, and only preferred"
              + " to them if it is clearly better), greedy, random, uniform, popularity or nsga2,"
              + " each by itself."
              + DEFAULT)
  StrategyKind strategy;

  @Option(
      names = "--front-sizes",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "Sizes between the smallest artifact and the whole table that are searched besides the"
              + " budgets."
              + DEFAULT)
  int frontSizes;

  @Option(
      names = "--standard-errors",
      paramLabel = "X",
      defaultValue = "1",
      description =
          "By how many standard errors what was searched for has to beat the best simple choice;"
              + " 0: by anything."
              + DEFAULT)
  double standardErrors;

  @Option(
      names = "--judge-memory",
      paramLabel = "BYTES",
      converter = BudgetConverter.class,
      defaultValue = "4GB",
      description =
          "Off-heap memory in which the exact judges keep lists; less is slower." + DEFAULT)
  Budget judgeMemory;

  @Option(
      names = "--no-ids",
      description = "Artifacts will hold no item ids, so more of the budget is left for rows.")
  boolean noIds;

  SearchSpace space(BlockShape shape, Groups groups) {
    List<Precision> useful = precisions.stream().filter(p -> SearchSpace.saves(p, shape)).toList();
    return new SearchSpace(
        shape,
        groups.count(),
        useful.isEmpty() ? precisions : useful,
        !anySubset,
        !anyOrder,
        keptGroups(groups));
  }

  private int keptGroups(Groups groups) {
    if (!allowDropped) {
      return groups.count();
    }
    double items = minCoverage == null ? 0 : minCoverage * groups.items();
    int kept = 1;
    while (groups.end(kept - 1) < items) {
      kept++;
    }
    return kept;
  }

  /**
   * The search's settings.
   *
   * @throws IllegalArgumentException if an option is out of range; the message names it
   */
  SearchConfig config(long seed) {
    if (minCoverage != null && !(minCoverage >= 0 && minCoverage <= 1)) {
      throw new IllegalArgumentException(
          "--min-coverage: expected a share from 0 to 1, got " + minCoverage);
    }
    if (minCoverage != null && !allowDropped) {
      throw new IllegalArgumentException("--min-coverage: needs --allow-dropped");
    }
    EvolutionConfig evolution = EvolutionConfig.defaults();
    return SearchConfig.defaults(seed)
        .withObjective(objective)
        .withLabels(labels, heldOut)
        .withFront(new FrontConfig(strategy, frontSizes, standardErrors))
        .withEvolution(
            new EvolutionConfig(
                evolution.islands(),
                evolution.population(),
                generations,
                evolution.migrationEvery(),
                evolution.migrants()));
  }

  /**
   * Bytes for the judges.
   *
   * @throws IllegalArgumentException if the option is a percentage
   */
  long judgeBytes() {
    return BudgetConverter.plainBytes("--judge-memory", judgeMemory);
  }
}
