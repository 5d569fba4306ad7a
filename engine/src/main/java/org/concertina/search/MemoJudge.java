package org.concertina.search;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.concertina.block.ElasticConfig;
import org.concertina.judge.UserVerdicts;
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

  /** Not kept: an array of all users is asked for seldom and would fill the heap. */
  @Override
  public Optional<UserVerdicts> judgeUsers(ElasticConfig config) {
    return judge.judgeUsers(config);
  }

  /** Configurations judged so far. */
  int judged() {
    return verdicts.size();
  }
}
