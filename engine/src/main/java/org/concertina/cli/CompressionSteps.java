package org.concertina.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.concertina.baseline.Compressed;
import org.concertina.baseline.MagnitudePruning;
import org.concertina.baseline.ProductQuantization;
import org.concertina.baseline.QuotientRemainder;
import org.concertina.baseline.ScalarCodes;
import org.concertina.baseline.SourceTable;
import org.concertina.memory.CappedArena;
import org.concertina.metric.RankingQuality;
import org.concertina.record.Measurement;
import org.concertina.search.Budget;
import org.concertina.train.EmbeddingModel;
import org.concertina.train.TableRanking;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainedModel;
import org.concertina.train.UnitRows;

/**
 * Steps that compress a trained table in other ways. Of what fits a budget, validation users
 * choose; the choice is measured once.
 */
final class CompressionSteps {
  /** What a method makes of a table for a budget, any number of tables that fit. */
  @FunctionalInterface
  private interface Method {
    List<Compressed> fitting(SourceTable table, long budgetBytes, CappedArena arena);
  }

  private final ExperimentSetup setup;
  private final String experiment;

  CompressionSteps(ExperimentSetup setup, String experiment) {
    this.setup = setup;
    this.experiment = experiment;
  }

  /** One step a method. */
  List<Step> of(TrainConfig train) {
    List<Step> steps = new ArrayList<>();
    for (ScalarCodes codes : ScalarCodes.values()) {
      MagnitudePruning pruning = new MagnitudePruning(codes);
      steps.add(
          step(
              MagnitudePruning.METHOD + " " + name(codes),
              train,
              (table, bytes, arena) -> pruning.fit(table, bytes, arena).stream().toList()));
      QuotientRemainder hashing = new QuotientRemainder(codes);
      steps.add(
          step(
              QuotientRemainder.METHOD + " " + name(codes),
              train,
              (table, bytes, arena) -> hashing.fit(table, bytes, arena).stream().toList()));
    }
    Map<ProductQuantization, Compressed> known = new LinkedHashMap<>();
    steps.add(
        step(
            ProductQuantization.METHOD,
            train,
            (table, bytes, arena) -> quantized(table, bytes, arena, train.seed(), known)));
    return steps;
  }

  private static String name(ScalarCodes codes) {
    return codes.name().toLowerCase(Locale.ROOT);
  }

  private List<Compressed> quantized(
      SourceTable table,
      long budgetBytes,
      CappedArena arena,
      long seed,
      Map<ProductQuantization, Compressed> known) {
    List<Compressed> fitting = new ArrayList<>();
    for (int chunks = 1; chunks <= table.dim(); chunks++) {
      for (int bits : new int[] {4, 8}) {
        ProductQuantization method = new ProductQuantization(chunks, bits, seed);
        if (table.dim() % chunks == 0 && method.fileBytes(table) <= budgetBytes) {
          fitting.add(
              known.computeIfAbsent(
                  method, one -> one.compress(table, arena, setup.session().pool())));
        }
      }
    }
    return fitting;
  }

  private Step step(String choice, TrainConfig train, Method method) {
    return new Step(
        SearchSteps.name(choice, train),
        new SearchSteps(setup, experiment).budgetEntries(choice, train),
        () -> {
          try (TrainedModel model = setup.models().open(train);
              CappedArena arena = CappedArena.unlimited()) {
            SourceTable table =
                SourceTable.of(
                    UnitRows.of(
                        arena,
                        setup.session().ops().rows(),
                        setup.session().pool(),
                        model.embeddings().items()),
                    setup.searchOptions().noIds ? null : model.itemIds(),
                    new PackService(model, model.groups(), true).layout().priorBytes());
            Map<Compressed, RankingQuality> validated = new LinkedHashMap<>();
            List<Measurement> found = new ArrayList<>();
            for (Budget budget : setup.budgets()) {
              long bytes = budget.bytes(new PackService(model, model.groups(), true).layout());
              found.add(measure(model, method.fitting(table, bytes, arena), bytes, validated));
            }
            return found;
          }
        });
  }

  private Measurement measure(
      TrainedModel model,
      List<Compressed> fitting,
      long budgetBytes,
      Map<Compressed, RankingQuality> validated) {
    Compressed best = null;
    for (Compressed one : fitting) {
      validated.computeIfAbsent(one, some -> rank(model, some, Split.VALID, 20).getFirst());
      if (best == null || validated.get(one).recall() > validated.get(best).recall()) {
        best = one;
      }
    }
    if (best == null) {
      return Measurement.impossible(
          ArtifactMeter.UNIT, "%,d bytes hold nothing of it".formatted(budgetBytes));
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("budgetBytes", budgetBytes);
    details.put("of", best.settings());
    details.put("selectionRecallAt20", validated.get(best).recall());
    details.put("selectionNdcgAt20", validated.get(best).ndcg());
    return ArtifactMeter.quality(
        rank(model, best, setup.split(), setup.cutoffs()),
        best.fileBytes(),
        setup.split(),
        details);
  }

  private List<RankingQuality> rank(
      TrainedModel model, Compressed table, Split split, int... cutoffs) {
    return TableRanking.evaluate(
        setup.session().ops(),
        setup.session().pool(),
        new EmbeddingModel(model.embeddings().users(), table.rows()),
        model.prior(),
        split.relevant(setup.data()),
        split.excluded(setup.data()),
        cutoffs);
  }
}
