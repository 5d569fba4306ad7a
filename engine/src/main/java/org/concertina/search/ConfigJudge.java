package org.concertina.search;

import org.concertina.block.ElasticConfig;
import org.concertina.judge.Verdict;

/** Gives the exact metric of a configuration; {@code Judge::judge} is one. */
@FunctionalInterface
public interface ConfigJudge {
  /** The exact metric of a configuration. */
  Verdict judge(ElasticConfig config);
}
