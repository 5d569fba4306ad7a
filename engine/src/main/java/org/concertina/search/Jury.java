package org.concertina.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;

/** The judge that selects and the one, if any, that confirms. Not thread-safe. */
final class Jury {
  private final ArtifactLayout layout;
  private final Objective objective;
  private final MemoJudge selecting;
  private final Optional<MemoJudge> confirming;

  Jury(
      ArtifactLayout layout,
      Objective objective,
      ConfigJudge selecting,
      Optional<ConfigJudge> confirming) {
    this.layout = layout;
    this.objective = objective;
    this.selecting = new MemoJudge(selecting);
    this.confirming = confirming.map(MemoJudge::new);
  }

  MemoJudge selecting() {
    return selecting;
  }

  /** The metric on the selecting users. */
  double select(ElasticConfig config) {
    return objective.of(selecting.judge(config));
  }

  /** Judged on all users. */
  FrontPoint point(ElasticConfig config) {
    return new FrontPoint(
        layout.fileBytes(config),
        config,
        selecting.judge(config),
        confirming.map(judge -> judge.judge(config)));
  }

  /**
   * How much better one configuration is than another; nothing if the judges cannot tell users
   * apart.
   */
  Optional<Comparison> compare(ElasticConfig better, ElasticConfig worse, long seed) {
    Optional<double[][]> chose = users(selecting, better, worse);
    Optional<double[][]> confirmed = confirming.flatMap(judge -> users(judge, better, worse));
    if (chose.isEmpty() || confirming.isPresent() != confirmed.isPresent()) {
      return Optional.empty();
    }
    double[][] others = confirmed.orElse(new double[2][0]);
    PairedBootstrap all =
        bootstrap(join(chose.get()[0], others[0]), join(chose.get()[1], others[1]), seed);
    return Optional.of(
        new Comparison(all, confirmed.map(users -> bootstrap(users[0], users[1], seed))));
  }

  private Optional<double[][]> users(MemoJudge judge, ElasticConfig better, ElasticConfig worse) {
    return judge
        .judgeUsers(better)
        .flatMap(
            first ->
                judge
                    .judgeUsers(worse)
                    .map(second -> new double[][] {objective.of(first), objective.of(second)}));
  }

  private static PairedBootstrap bootstrap(double[] better, double[] worse, long seed) {
    return PairedBootstrap.of(better, worse, PairedBootstrap.RESAMPLES, seed);
  }

  private static double[] join(double[] first, double[] second) {
    double[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  /** The configuration of the largest merit; the first of equals. */
  FrontPoint best(List<ElasticConfig> configs) {
    FrontPoint best = null;
    for (ElasticConfig config : configs) {
      FrontPoint point = point(config);
      if (best == null || point.merit(objective) > best.merit(objective)) {
        best = point;
      }
    }
    return best;
  }

  /** The configurations that the selecting users like best, best first. */
  List<ElasticConfig> shortlist(List<ElasticConfig> configs, int count) {
    return configs.stream()
        .distinct()
        .sorted(Comparator.comparingDouble(this::select).reversed())
        .limit(count)
        .toList();
  }
}
