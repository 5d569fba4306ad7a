package org.concertina.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;

/**
 * Why a configuration is as it is: what every group's last step brings and what its next one would.
 *
 * @param config what is explained
 * @param groups one entry a group, most popular first
 */
public record Explanation(ElasticConfig config, List<GroupReason> groups) {
  /**
   * The reasons of one group.
   *
   * @param choice what it keeps
   * @param bytes what that takes, prior included
   * @param lastGainPerByte what the metric would lose for every byte saved if the group took the
   *     step back that hurts least; nothing if it has the smallest choice
   * @param nextGainPerByte what the metric would gain for every byte spent on the group's best step
   *     forward; nothing if it has the largest choice
   */
  public record GroupReason(
      BlockChoice choice,
      long bytes,
      Optional<Double> lastGainPerByte,
      Optional<Double> nextGainPerByte) {}

  /** Copies. */
  public Explanation {
    groups = List.copyOf(groups);
  }

  /**
   * Explains; one group changes at a time, so a step counts by itself even where the space would
   * allow it only together with others. Judges a few configurations for every group.
   */
  public static Explanation of(
      SearchSpace space,
      ArtifactLayout layout,
      ConfigJudge judge,
      Objective objective,
      ElasticConfig config) {
    double metric = objective.of(judge.judge(config));
    List<GroupReason> reasons = new ArrayList<>();
    for (int g = 0; g < config.groups(); g++) {
      BlockChoice choice = config.choice(g);
      Optional<Double> least = Optional.empty();
      for (BlockChoice smaller : space.smaller(g, choice)) {
        double lost = metric - objective.of(judge.judge(config.withChoice(g, smaller)));
        double perByte = lost / Math.max(1, takes(layout, g, choice) - takes(layout, g, smaller));
        least = Optional.of(least.map(known -> Math.min(known, perByte)).orElse(perByte));
      }
      Optional<Double> most = Optional.empty();
      for (BlockChoice larger : space.larger(choice)) {
        double gained = objective.of(judge.judge(config.withChoice(g, larger))) - metric;
        double perByte = gained / Math.max(1, takes(layout, g, larger) - takes(layout, g, choice));
        most = Optional.of(most.map(known -> Math.max(known, perByte)).orElse(perByte));
      }
      reasons.add(new GroupReason(choice, layout.groupBytes(g, choice), least, most));
    }
    return new Explanation(config, reasons);
  }

  /** Bytes of a group, its ids included, which it has unless it is dropped. */
  private static long takes(ArtifactLayout layout, int group, BlockChoice choice) {
    return layout.groupBytes(group, choice) + layout.ids().groupBytes(group, choice);
  }
}
