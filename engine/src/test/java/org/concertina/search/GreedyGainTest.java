package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.judge.Verdict;
import org.junit.jupiter.api.Test;

class GreedyGainTest {
  private static final BlockShape SHAPE = new BlockShape(6, 8);
  private static final ArtifactLayout LAYOUT =
      new ArtifactLayout(Groups.ofStarts(0, 32, 112, 176, 400, 912), SHAPE, 0);
  private static final SearchSpace SPACE =
      new SearchSpace(SHAPE, 5, List.of(Precision.INT8), true, false, 5);

  private final Set<ElasticConfig> asked = new HashSet<>();

  /** Groups do not compete and every further block gains less: submodular. */
  private Verdict separable(ElasticConfig config) {
    asked.add(config);
    double sum = 0;
    for (int g = 0; g < config.groups(); g++) {
      double weight = 1.0 / (1 + g) + 0.013 * g;
      sum += weight * (1 - Math.pow(0.61 + 0.03 * g, config.choice(g).keptBlocks()));
    }
    return new Verdict(sum, sum);
  }

  /** Looks at every group's next block before every step. */
  private List<ElasticConfig> plain() {
    List<ElasticConfig> path = new ArrayList<>(List.of(SPACE.smallest()));
    while (true) {
      ElasticConfig now = path.getLast();
      ElasticConfig best = null;
      double most = Double.NEGATIVE_INFINITY;
      for (int g = 0; g < now.groups(); g++) {
        for (BlockChoice larger : SPACE.larger(now.choice(g))) {
          ElasticConfig next = now.withChoice(g, larger);
          double gain = separable(next).recall() - separable(now).recall();
          double perByte = gain / (LAYOUT.fileBytes(next) - LAYOUT.fileBytes(now));
          if (perByte > most) {
            most = perByte;
            best = next;
          }
        }
      }
      if (best == null) {
        return path;
      }
      path.add(best);
    }
  }

  @Test
  void groupsThatMayBeDroppedStartSo() {
    SearchSpace space = new SearchSpace(SHAPE, 5, List.of(Precision.INT8), true, true, 1);
    List<ElasticConfig> path =
        new GreedyGain(space, LAYOUT, this::separable, Objective.RECALL)
            .path(Long.MAX_VALUE, _ -> {});
    assertEquals(space.smallest(), path.getFirst());
    assertEquals(space.largest(), path.getLast());
    for (int i = 1; i < path.size(); i++) {
      assertTrue(space.contains(path.get(i)));
      assertTrue(LAYOUT.fileBytes(path.get(i)) > LAYOUT.fileBytes(path.get(i - 1)));
    }
    assertTrue(path.size() > 20, path.size() + " steps");
  }

  @Test
  void lazyIsPlainWhereGainsAreSubmodular() {
    List<ElasticConfig> expected = plain();
    int plainAsked = asked.size();
    asked.clear();
    List<ElasticConfig> path =
        new GreedyGain(SPACE, LAYOUT, this::separable, Objective.RECALL)
            .path(Long.MAX_VALUE, _ -> {});
    assertEquals(expected, path);
    assertTrue(asked.size() < 0.7 * plainAsked, asked.size() + " of " + plainAsked);
  }
}
