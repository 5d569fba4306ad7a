package org.concertina.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.concertina.baseline.CodedGroups;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.metric.RankingQuality;
import org.concertina.record.Measurement;
import org.concertina.search.Budget;
import org.concertina.train.EmbeddingModel;
import org.concertina.train.EncoderKind;
import org.concertina.train.Loss;
import org.concertina.train.TableRanking;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainedModel;

/**
 * Steps that code item rows in few bits, after training and with quantisation in its loop, and rank
 * by what is read back of the codes.
 */
final class BitsSteps {
  /** Of an element, in whole tables. */
  private static final List<Integer> BITS = List.of(1, 2, 4, 8);

  /** What groups of a mixture may take; no artifact holds one bit. */
  private static final List<List<Integer>> MIXTURES =
      List.of(List.of(4), List.of(2, 4), List.of(1, 2, 4));

  /** Skews of the mixtures, of which validation chooses, in multiples of the blocks of a row. */
  private static final double[] SKEWS = {1, 4, 8, 16};

  private static final int MORE_EPOCHS = 5;
  private static final double MORE_RATE = 0.2;

  /** How the table that is coded was trained. */
  private enum Training {
    AFTER("after training", -1),
    MORE("%d more epochs".formatted(MORE_EPOCHS), 0),
    LOOP4("4 bits in the loop", 4),
    LOOP2("2 bits in the loop", 2),
    LOOP1("1 bit in the loop", 1);

    private final String text;
    private final int codeBits;

    Training(String text, int codeBits) {
      this.text = text;
      this.codeBits = codeBits;
    }
  }

  private final ExperimentSetup setup;
  private final String experiment;

  BitsSteps(ExperimentSetup setup, String experiment) {
    this.setup = setup;
    this.experiment = experiment;
  }

  /**
   * Two steps for every way to train: whole tables and mixtures.
   *
   * @throws IllegalArgumentException if the models are none that training can go on from in codes
   */
  List<Step> of(TrainConfig train) {
    if (train.encoder().kind() == EncoderKind.GRAPH
        || train.objective().loss() == Loss.BPR
        || train.objective().lockFree()) {
      throw new IllegalArgumentException(
          "expected --encoder factor or history, --loss softmax or ccl and no --lock-free, which"
              + " training can go on with in codes");
    }
    List<Step> steps = new ArrayList<>();
    for (Training training : Training.values()) {
      steps.add(
          step(
              "whole tables in codes",
              training,
              train,
              wholeTables(train.shape()).stream()
                  .map(choice -> parameters(text(choice, train.shape()), training, train))
                  .toList(),
              this::whole));
      List<Map<String, Object>> mixtures = new ArrayList<>();
      for (List<Integer> bits : MIXTURES) {
        for (Budget budget : setup.budgets()) {
          mixtures.add(parameters("mixed " + bits + " bits", training, train));
          mixtures.getLast().put("budget", budget.toString());
        }
      }
      steps.add(step("groups in mixed codes", training, train, mixtures, this::mixed));
    }
    return steps;
  }

  private Step step(
      String name,
      Training training,
      TrainConfig train,
      List<Map<String, Object>> parameters,
      Function<Table, List<Measurement>> work) {
    return new Step(
        SearchSteps.name("%s, %s".formatted(name, training.text), train),
        parameters.stream().map(one -> new Step.Entry(experiment, one)).toList(),
        () -> {
          try (TrainedModel model =
              training == Training.AFTER
                  ? setup.models().open(train)
                  : setup.models().openMore(train, more(train), training.codeBits)) {
            return work.apply(new Table(model));
          }
        });
  }

  private static String text(CodedGroups.Choice choice, BlockShape shape) {
    return "%d bits x %d".formatted(choice.bits(), choice.blocks() * shape.blockDim());
  }

  private Map<String, Object> parameters(String codes, Training training, TrainConfig train) {
    Map<String, Object> parameters =
        setup.parameters("%s, %s".formatted(codes, training.text), train);
    if (training != Training.AFTER) {
      parameters.put("more", setup.models().name(more(train)));
    }
    return parameters;
  }

  private static TrainConfig more(TrainConfig train) {
    return TrainVariants.more(train, MORE_EPOCHS, MORE_RATE);
  }

  /** All, half and a quarter of the blocks in all bits. */
  private static Set<CodedGroups.Choice> wholeTables(BlockShape shape) {
    Set<CodedGroups.Choice> choices = new LinkedHashSet<>();
    for (int parts : new int[] {1, 2, 4}) {
      for (int bits : BITS) {
        choices.add(new CodedGroups.Choice(bits, Math.max(1, shape.blocks() / parts)));
      }
    }
    return choices;
  }

  private List<Measurement> whole(Table table) {
    List<Measurement> found = new ArrayList<>();
    for (CodedGroups.Choice choice : wholeTables(table.layout.shape())) {
      found.add(table.measure(table.uniform(choice), Map.of()));
    }
    return found;
  }

  private List<Measurement> mixed(Table table) {
    List<Measurement> found = new ArrayList<>();
    for (List<Integer> bits : MIXTURES) {
      List<CodedGroups.Choice> ladder = CodedGroups.ladder(table.layout.shape(), bits);
      for (Budget budget : setup.budgets()) {
        found.add(table.mixed(ladder, budget.bytes(table.layout)));
      }
    }
    return found;
  }

  /** A model's item rows, to be coded in many ways. */
  private final class Table {
    private final TrainedModel model;
    private final ArtifactLayout layout;
    private final Map<CodedGroups, RankingQuality> validated = new HashMap<>();

    Table(TrainedModel model) {
      this.model = model;
      this.layout =
          new PackService(model, setup.groups(model), !setup.searchOptions().noIds).layout();
    }

    CodedGroups uniform(CodedGroups.Choice choice) {
      return CodedGroups.uniform(layout.shape(), layout.groups().count(), choice);
    }

    /** The skew of the best Recall@20 on validation. */
    Measurement mixed(List<CodedGroups.Choice> ladder, long budgetBytes) {
      CodedGroups best = null;
      for (double skew : SKEWS) {
        CodedGroups coded =
            CodedGroups.skewed(
                    layout, ladder, Math.max(1, skew * layout.shape().blocks()), budgetBytes)
                .orElse(null);
        if (coded == null) {
          return SearchSteps.tooSmall(budgetBytes, uniform(ladder.getFirst()).fileBytes(layout));
        }
        if (best == null || validated(coded).recall() > validated(best).recall()) {
          best = coded;
        }
      }
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("budgetBytes", budgetBytes);
      details.put("choices", best.choices().stream().map(CodedGroups.Choice::toString).toList());
      return measure(best, details);
    }

    Measurement measure(CodedGroups coded, Map<String, Object> more) {
      Map<String, Object> details = new LinkedHashMap<>(more);
      details.put("selectionRecallAt20", validated(coded).recall());
      details.put("selectionNdcgAt20", validated(coded).ndcg());
      return ArtifactMeter.quality(
          rank(coded, setup.split(), setup.cutoffs()),
          coded.fileBytes(layout),
          setup.split(),
          details);
    }

    private RankingQuality validated(CodedGroups coded) {
      return validated.computeIfAbsent(coded, one -> rank(one, Split.VALID, 20).getFirst());
    }

    private List<RankingQuality> rank(CodedGroups coded, Split split, int... cutoffs) {
      try (CappedArena arena = CappedArena.unlimited()) {
        FloatTable rows =
            coded.decoded(
                model.embeddings().items(), layout.groups(), arena, setup.session().pool());
        return TableRanking.evaluate(
            setup.session().ops(),
            setup.session().pool(),
            new EmbeddingModel(model.embeddings().users(), rows),
            model.prior(),
            split.relevant(setup.data()),
            split.excluded(setup.data()),
            cutoffs);
      }
    }
  }
}
