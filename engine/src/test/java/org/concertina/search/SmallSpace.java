package org.concertina.search;

import java.util.ArrayList;
import java.util.List;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.IdBytes;
import org.concertina.block.Precision;

/** A space that is small enough to try everything. */
record SmallSpace(SearchSpace space, ArtifactLayout layout) {
  static SmallSpace of(boolean nestedOnly, boolean monotone, Precision... precisions) {
    BlockShape shape = new BlockShape(4, 8);
    // Groups of unequal size, so that bytes a row and bytes differ.
    Groups groups = Groups.ofStarts(0, 32, 112, 176);
    return new SmallSpace(
        new SearchSpace(
            shape, groups.count(), List.of(precisions), nestedOnly, monotone, groups.count()),
        new ArtifactLayout(groups, shape, 100));
  }

  /** The same where groups may be dropped, with ids that go with them. */
  SmallSpace withDropped() {
    return new SmallSpace(
        new SearchSpace(
            space.shape(),
            space.groups(),
            space.precisions(),
            space.nestedOnly(),
            space.monotone(),
            1),
        new ArtifactLayout(
            layout.groups(),
            layout.shape(),
            IdBytes.ofGroups(24, 30, 90, 70),
            CodedPriors.all(space.groups())));
  }

  /** Every configuration of the space that fits. */
  List<ElasticConfig> all(long budgetBytes) {
    List<ElasticConfig> found = new ArrayList<>();
    collect(new ArrayList<>(), budgetBytes, found);
    return found;
  }

  private void collect(List<BlockChoice> choices, long budgetBytes, List<ElasticConfig> found) {
    if (choices.size() == space.groups()) {
      ElasticConfig config = new ElasticConfig(space.shape(), choices);
      if (layout.fileBytes(config) <= budgetBytes && space.contains(config)) {
        found.add(config);
      }
      return;
    }
    List<BlockChoice> possible = new ArrayList<>(space.choices());
    if (space.mayDrop(choices.size())) {
      possible.add(BlockChoice.DROPPED);
    }
    for (BlockChoice choice : possible) {
      choices.add(choice);
      collect(choices, budgetBytes, found);
      choices.removeLast();
    }
  }

  double best(ConfigJudge judge, long budgetBytes) {
    return all(budgetBytes).stream()
        .mapToDouble(config -> judge.judge(config).recall())
        .max()
        .orElseThrow();
  }

  /** Budgets from the smallest artifact to beyond the largest. */
  List<Long> budgets(int count) {
    long smallest = layout.fileBytes(space.smallest());
    long largest = layout.fileBytes(space.largest());
    List<Long> budgets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      budgets.add(smallest + (largest - smallest + 100) * i / (count - 1));
    }
    return budgets;
  }
}
