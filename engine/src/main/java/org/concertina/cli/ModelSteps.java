package org.concertina.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.artifact.IdCodec;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.IdBytes;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.memory.CappedArena;
import org.concertina.record.Measurement;
import org.concertina.search.Budget;
import org.concertina.search.SearchSpace;
import org.concertina.train.ItemPrior;
import org.concertina.train.ModelHeader;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainedModel;

/** Steps that train models and measure them as they are. */
final class ModelSteps {
  /** What a training row has to be a multiple of. */
  private static final int DIM_STEP = 4;

  private final ExperimentSetup setup;

  ModelSteps(ExperimentSetup setup) {
    this.setup = setup;
  }

  /** Trains and measures the full fp32 table. */
  Step fullTable(String choice, TrainConfig train) {
    return new Step(
        SearchSteps.name("full table of " + choice, train),
        List.of(new Step.Entry("full-table", setup.parameters(choice, train))),
        () -> {
          TrainService.Outcome outcome = setup.models().train(train);
          Map<String, Object> details = new LinkedHashMap<>();
          ModelHeader.Progress progress = outcome.header().progress();
          details.put("selectionRecallAt20", progress.bestRecallAt20());
          details.put("selectionNdcgAt20", progress.bestNdcgAt20());
          details.put("bestEpoch", progress.bestEpoch());
          details.put("trainSeconds", outcome.trainSeconds());
          details.put("pairsPerSecond", outcome.pairsPerSecond());
          details.put("threads", setup.session().pool().threads());
          details.put("config", train);
          try (TrainedModel model = setup.models().open(train)) {
            return List.of(
                ArtifactMeter.quality(
                    new EvaluateService(setup.session())
                        .fullTable(model, setup.data(), setup.split(), setup.cutoffs()),
                    (long) setup.data().items() * train.shape().dim() * Float.BYTES,
                    setup.split(),
                    details));
          }
        });
  }

  /**
   * For every budget a model that is trained in the size that fits, in one precision. Budgets of
   * the same size share a model.
   */
  Step retrained(String experiment, Precision precision, TrainConfig full) {
    SearchSteps steps = new SearchSteps(setup, experiment);
    String choice = "retrained " + SearchReport.name(precision);
    List<Step.Entry> entries = new ArrayList<>();
    List<Integer> dims = new ArrayList<>();
    for (Budget budget : setup.budgets()) {
      int dim = largestDim(full, precision, budget.bytes(layout(full)));
      dims.add(dim);
      TrainConfig train = dim == 0 ? full : TrainVariants.plain(full, dim);
      entries.add(steps.budgetEntry(choice, train, budget));
    }
    return new Step(
        SearchSteps.name(choice, full),
        entries,
        () -> {
          List<Measurement> found = new ArrayList<>();
          for (int i = 0; i < dims.size(); i++) {
            long budgetBytes = setup.budgets().get(i).bytes(layout(full));
            if (dims.get(i) == 0) {
              found.add(SearchSteps.tooSmall(budgetBytes, fileBytes(full, precision, DIM_STEP)));
              continue;
            }
            TrainConfig train = TrainVariants.plain(full, dims.get(i));
            TrainService.Outcome outcome = setup.models().train(train);
            try (TrainedModel model = setup.models().open(train)) {
              Map<String, Object> details = new LinkedHashMap<>();
              details.put("budgetBytes", budgetBytes);
              details.put("retrainedDim", train.shape().dim());
              details.put("selectionRecallAt20", outcome.header().progress().bestRecallAt20());
              details.put("trainSeconds", outcome.trainSeconds());
              found.add(
                  new ArtifactMeter(setup, model)
                      .measure(
                          ElasticConfig.uniform(train.shape(), train.groups(), 1, precision),
                          details));
            }
          }
          return found;
        });
  }

  /** 0 if none fits. */
  private int largestDim(TrainConfig full, Precision precision, long budgetBytes) {
    int dim = full.shape().dim();
    while (dim > 0 && fileBytes(full, precision, dim) > budgetBytes) {
      dim -= DIM_STEP;
    }
    return Math.max(0, dim);
  }

  private long fileBytes(TrainConfig full, Precision precision, int dim) {
    TrainConfig plain = TrainVariants.plain(full, dim);
    return layout(plain)
        .fileBytes(ElasticConfig.uniform(plain.shape(), plain.groups(), 1, precision));
  }

  private ArtifactLayout layout(TrainConfig train) {
    int[] ids = setup.data().itemIds();
    Groups groups = Groups.equalCount(ids.length, train.groups());
    RowOrder order = RowOrder.byId(groups, ids);
    try (CappedArena arena = CappedArena.unlimited()) {
      return new ArtifactLayout(
          groups,
          train.shape(),
          setup.searchOptions().noIds ? IdBytes.NONE : IdCodec.bytes(order, ids),
          CodedPriors.of(ItemPrior.of(arena, setup.data().train(), train.softmax()), order));
    }
  }

  /** Precisions that small models may be stored in. */
  List<Precision> precisions(TrainConfig full) {
    SearchSpace space = setup.space(full);
    return space.precisions().reversed();
  }
}
