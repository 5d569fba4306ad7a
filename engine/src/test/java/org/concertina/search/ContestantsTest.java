package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.judge.UserVerdicts;
import org.concertina.judge.Verdict;
import org.junit.jupiter.api.Test;

/** A searched configuration has to be clearly better than a simple one to be chosen. */
class ContestantsTest {
  private static final SmallSpace SMALL = SmallSpace.of(true, true, Precision.INT8);
  private static final ElasticConfig SIMPLE = SMALL.space().smallest();
  private static final ElasticConfig SEARCHED = SMALL.space().largest();
  private static final int USERS = 1_000;

  /** Every user has 0.3 of the simple one; the searched one gains or loses in turns. */
  private record Users(double gain, double spread) implements ConfigJudge {
    private double[] of(ElasticConfig config) {
      double[] users = new double[USERS];
      for (int u = 0; u < USERS; u++) {
        double swing = u % 2 == 0 ? spread : -spread;
        users[u] = 0.3 + (config.equals(SEARCHED) ? gain + swing : 0);
      }
      return users;
    }

    @Override
    public Verdict judge(ElasticConfig config) {
      return new Verdict(Arrays.stream(of(config)).average().orElseThrow(), 0);
    }

    @Override
    public Optional<UserVerdicts> judgeUsers(ElasticConfig config) {
      return Optional.of(new UserVerdicts(of(config), of(config)));
    }
  }

  private static BudgetResult decide(
      ConfigJudge selecting, Optional<ConfigJudge> confirming, double standardErrors) {
    SearchConfig config =
        SearchConfig.defaults(1)
            .withFront(new FrontConfig(StrategyKind.EVOLUTION, 2, standardErrors));
    Jury jury = new Jury(SMALL.layout(), Objective.RECALL, selecting, confirming);
    return new Contestants(
            jury, config, Map.of("plain", List.of(SIMPLE)), Map.of(SEARCHED, "searched"))
        .decide(Budget.ofBytes(1_000_000), 1_000_000);
  }

  private static String origin(
      double selectedGain, double confirmedGain, double spread, double standardErrors) {
    return decide(
            new Users(selectedGain, spread),
            Optional.of(new Users(confirmedGain, spread)),
            standardErrors)
        .origin();
  }

  @Test
  void aClearGainIsTaken() {
    BudgetResult result = decide(new Users(0.02, 0.2), Optional.of(new Users(0.02, 0.2)), 1);
    assertEquals("searched", result.origin());
    BudgetResult.Contest contest = result.contest().orElseThrow();
    assertTrue(contest.won());
    assertEquals(0.02, contest.comparison().all().gain(), 1e-12);
    assertEquals(2 * USERS, contest.comparison().all().users());
    assertEquals(USERS, contest.comparison().confirming().orElseThrow().users());
    // 0.2 / sqrt(2000), give or take what 300 resamples can tell.
    assertEquals(0.00447, contest.comparison().all().standardError(), 0.0007);
  }

  @Test
  void aGainWithinItsStandardErrorIsNot() {
    // The standard error is 0.0045.
    assertEquals("plain", origin(0.003, 0.003, 0.2, 1));
    assertEquals("searched", origin(0.003, 0.003, 0.2, 0));
    assertEquals("searched", origin(0.003, 0.003, 0.01, 1));
    assertEquals("plain", origin(0.009, 0.009, 0.2, 4));
  }

  @Test
  void aGainThatOtherUsersDoNotSeeIsNot() {
    assertEquals("plain", origin(0.08, -0.001, 0.2, 1));
    assertEquals("plain", origin(-0.01, 0.002, 0.2, 0));
  }

  @Test
  void withoutUsersMeansDecide() {
    ConfigJudge means = config -> new Users(0.001, 0.2).judge(config);
    BudgetResult result = decide(means, Optional.of(means), 1);
    assertEquals("searched", result.origin());
    assertFalse(result.contest().isPresent());
    assertEquals("searched", decide(new Users(0.02, 0.2), Optional.empty(), 1).origin());
  }
}
