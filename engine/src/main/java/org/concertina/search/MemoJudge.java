package org.concertina.search;

import java.util.HashMap;
import java.util.Map;
import org.concertina.block.ElasticConfig;
import org.concertina.judge.Verdict;

/** Asks a judge once for every configuration and counts the questions. Not thread-safe. */
final class MemoJudge implements ConfigJudge {
  private final ConfigJudge judge;
  private final Map<ElasticConfig, Verdict> verdicts = new HashMap<>();

  MemoJudge(ConfigJudge judge) {
    this.judge = judge;
  }

  @Override
  public Verdict judge(ElasticConfig config) {
    return verdicts.computeIfAbsent(config, judge::judge);
  }

  /** Configurations judged so far. */
  int judged() {
    return verdicts.size();
  }
}
