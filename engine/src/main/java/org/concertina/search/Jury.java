package org.concertina.search;

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

  /** The configurations that the selecting users like best, best first. */
  List<ElasticConfig> shortlist(List<ElasticConfig> configs, int count) {
    return configs.stream()
        .distinct()
        .sorted(Comparator.comparingDouble(this::select).reversed())
        .limit(count)
        .toList();
  }
}
