package org.concertina.search;

/** Hears how a search goes; called by the searching thread, so it must be quick. */
@FunctionalInterface
public interface SearchListener {
  /** What a search is busy with. */
  enum Phase {
    /** Judging sampled configurations. */
    LABELS,
    /** Training the estimator. */
    ESTIMATOR,
    /** The greedy path; counted in bytes. */
    GREEDY,
    /** Budgets: evolution, exact judging and polish. */
    BUDGETS,
    /** Judging the front. */
    FRONT
  }

  /** Hears nothing. */
  SearchListener SILENT = (_, _, _) -> {};

  /** Called when a part of a phase is done. */
  void progress(Phase phase, long done, long total);
}
