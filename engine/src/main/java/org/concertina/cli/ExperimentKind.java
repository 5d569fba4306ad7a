package org.concertina.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.concertina.block.BlockShape;
import org.concertina.block.Precision;
import org.concertina.interaction.ReadOptions;
import org.concertina.search.SearchSpace;
import org.concertina.search.StrategyKind;
import org.concertina.train.ElasticSchedule;
import org.concertina.train.EncoderKind;
import org.concertina.train.TrainConfig;

/** The experiments, as lists of steps. */
enum ExperimentKind {
  /** Every strategy at every budget. */
  BUDGETS {
    @Override
    List<Step> steps(ExperimentSetup setup, ReadOptions reading, List<StrategyKind> strategies) {
      SearchSteps search = new SearchSteps(setup, toString());
      List<Step> steps = new ArrayList<>();
      for (long seed : setup.seeds()) {
        TrainConfig train = setup.train(seed);
        steps.add(new ModelSteps(setup).fullTable(encoder(train), train));
        for (StrategyKind strategy : strategies) {
          steps.add(
              search.search(
                  strategy.toString(), train, setup.space(train), setup.search(seed, strategy)));
        }
      }
      return steps;
    }
  },
  /** Everything, and then without one part after the other. */
  ABLATION {
    @Override
    List<Step> steps(ExperimentSetup setup, ReadOptions reading, List<StrategyKind> strategies) {
      SearchSteps search = new SearchSteps(setup, toString());
      List<Step> steps = new ArrayList<>();
      for (long seed : setup.seeds()) {
        TrainConfig all = setup.train(seed);
        SearchSpace space = setup.space(all);
        var evolution = setup.search(seed, StrategyKind.EVOLUTION);
        steps.add(search.search("all", all, space, evolution));
        steps.add(
            search.search(
                "no elastic training", TrainVariants.withoutElastic(all), space, evolution));
        steps.add(
            search.search(
                "elastic: any subset",
                TrainVariants.withElastic(all, ElasticSchedule.RANDOM, 0.5),
                space,
                evolution));
        for (double weight : DIVERSITIES) {
          steps.add(
              search.search(
                  "diversity " + weight,
                  TrainVariants.withDiversity(all, weight),
                  space,
                  evolution));
        }
        steps.add(
            search.search(
                "no estimator: greedy", all, space, setup.search(seed, StrategyKind.GREEDY)));
        steps.add(search.search("blocks only, fp32", all, fp32(space), evolution));
        steps.add(search.precisionsOnly("precisions only", all, space, evolution));
      }
      return steps;
    }
  },
  /** What else fits the same bytes. */
  BASELINES {
    @Override
    List<Step> steps(ExperimentSetup setup, ReadOptions reading, List<StrategyKind> strategies) {
      SearchSteps search = new SearchSteps(setup, toString());
      ModelSteps models = new ModelSteps(setup);
      List<Step> steps = new ArrayList<>();
      for (long seed : setup.seeds()) {
        TrainConfig train = setup.train(seed);
        steps.add(models.fullTable(encoder(train), train));
        for (StrategyKind simple : List.of(StrategyKind.POPULARITY, StrategyKind.UNIFORM)) {
          steps.add(
              search.search(
                  simple.toString(), train, setup.space(train), setup.search(seed, simple)));
        }
        steps.add(search.wholeTables(train));
        steps.addAll(new CompressionSteps(setup, toString()).of(train));
        for (Precision precision : models.precisions(train)) {
          steps.add(models.retrained(toString(), precision, train));
        }
      }
      return steps;
    }
  },
  /** RULE's setting: rows of 16 blocks of 8 floats, 20 groups, fp32 only. */
  PAPER {
    @Override
    List<Step> steps(ExperimentSetup setup, ReadOptions reading, List<StrategyKind> strategies) {
      SearchSteps search = new SearchSteps(setup, toString());
      List<Step> steps = new ArrayList<>();
      for (long seed : setup.seeds()) {
        TrainConfig ours = TrainVariants.withShape(setup.train(seed), new BlockShape(16, 8), 20);
        TrainConfig rule = TrainVariants.withoutElastic(ours);
        double weight = ours.diversity().weight();
        TrainConfig diverse = TrainVariants.withDiversity(rule, weight > 0 ? weight : 0.1);
        SearchSpace space = fp32(setup.space(ours));
        var evolution = setup.search(seed, StrategyKind.EVOLUTION);
        steps.add(new ModelSteps(setup).fullTable("elastic training, N 16", ours));
        steps.add(new ModelSteps(setup).fullTable("diversity, N 16", diverse));
        steps.add(search.search("elastic training", ours, space, evolution));
        steps.add(search.search("diversity", diverse, space, evolution));
        for (StrategyKind simple : List.of(StrategyKind.POPULARITY, StrategyKind.UNIFORM)) {
          steps.add(search.search(simple.toString(), ours, space, setup.search(seed, simple)));
        }
      }
      return steps;
    }
  },
  /** Item rows in one or two bits, coded after training and in its loop. */
  BITS {
    @Override
    List<Step> steps(ExperimentSetup setup, ReadOptions reading, List<StrategyKind> strategies) {
      List<Step> steps = new ArrayList<>();
      for (long seed : setup.seeds()) {
        TrainConfig train = setup.train(seed);
        steps.add(new ModelSteps(setup).fullTable(encoder(train), train));
        steps.addAll(new BitsSteps(setup, toString()).of(train));
      }
      return steps;
    }
  },
  /** More threads for the same work. */
  SCALING {
    @Override
    List<Step> steps(ExperimentSetup setup, ReadOptions reading, List<StrategyKind> strategies) {
      return new ScalingSteps(setup, reading).steps();
    }
  },
  /** The full table of every encoder. */
  SEEDS {
    @Override
    List<Step> steps(ExperimentSetup setup, ReadOptions reading, List<StrategyKind> strategies) {
      List<Step> steps = new ArrayList<>();
      EncoderKind asked = setup.trainOptions().encoder;
      for (EncoderKind kind : EncoderKind.values()) {
        setup.trainOptions().encoder = kind;
        for (long seed : setup.seeds()) {
          TrainConfig train = setup.train(seed);
          steps.add(new ModelSteps(setup).fullTable(encoder(train), train));
        }
      }
      setup.trainOptions().encoder = asked;
      return steps;
    }
  };

  /** Weights of the diversity regulariser that the ablation tries. */
  private static final double[] DIVERSITIES = {0.03, 0.3};

  /** The steps in the order in which they are done; {@code strategies} are those of the budgets. */
  abstract List<Step> steps(
      ExperimentSetup setup, ReadOptions reading, List<StrategyKind> strategies);

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String encoder(TrainConfig train) {
    return train.encoder().kind().name().toLowerCase(Locale.ROOT);
  }

  private static SearchSpace fp32(SearchSpace space) {
    return space.withPrecisions(List.of(Precision.FP32));
  }
}
