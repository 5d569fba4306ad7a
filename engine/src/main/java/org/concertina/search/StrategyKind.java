package org.concertina.search;

import java.util.Locale;

/** The strategies that a search can be asked for. */
public enum StrategyKind {
  /** Islands of populations, started from what all others but NSGA-II find. */
  EVOLUTION(true),
  /** The largest gain per byte, step by step, on the exact judge. */
  GREEDY(false),
  /** Random configurations that use their budget. */
  RANDOM(false),
  /** The first k blocks of every row. */
  UNIFORM(false),
  /** More blocks for popular groups, by a fixed rule. */
  POPULARITY(false),
  /** NSGA-II: one population for the whole front. */
  NSGA2(true);

  private final boolean estimated;

  StrategyKind(boolean estimated) {
    this.estimated = estimated;
  }

  /** Whether it asks an estimator, so that configurations have to be labelled first. */
  public boolean needsEstimator() {
    return estimated;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
