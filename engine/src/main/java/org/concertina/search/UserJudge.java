package org.concertina.search;

import java.util.Optional;
import org.concertina.block.ElasticConfig;
import org.concertina.judge.Judge;
import org.concertina.judge.UserVerdicts;
import org.concertina.judge.Verdict;

/**
 * An exact judge that also tells users apart. Borrows the judge; as thread-safe as that is.
 *
 * @param judge who judges
 */
public record UserJudge(Judge judge) implements ConfigJudge {
  @Override
  public Verdict judge(ElasticConfig config) {
    return judge.judge(config);
  }

  @Override
  public Optional<UserVerdicts> judgeUsers(ElasticConfig config) {
    return Optional.of(judge.judgeUsers(config));
  }
}
