package org.concertina.search;

import java.util.Optional;
import org.concertina.block.ElasticConfig;
import org.concertina.judge.UserVerdicts;
import org.concertina.judge.Verdict;

/** Gives the exact metric of a configuration. */
@FunctionalInterface
public interface ConfigJudge {
  /** The exact metric of a configuration. */
  Verdict judge(ElasticConfig config);

  /**
   * The metric of every user, always in the same order; nothing from a judge that knows means only,
   * and then no standard errors can be told.
   */
  default Optional<UserVerdicts> judgeUsers(ElasticConfig config) {
    return Optional.empty();
  }
}
