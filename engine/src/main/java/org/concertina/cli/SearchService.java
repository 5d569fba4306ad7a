package org.concertina.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.concertina.artifact.IdCodec;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.IdBytes;
import org.concertina.block.RowOrder;
import org.concertina.interaction.InteractionData;
import org.concertina.judge.Judge;
import org.concertina.kernel.CounterRandom;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;
import org.concertina.search.Budget;
import org.concertina.search.Explanation;
import org.concertina.search.FrontFile;
import org.concertina.search.FrontPoint;
import org.concertina.search.FrontProvenance;
import org.concertina.search.SearchConfig;
import org.concertina.search.SearchListener;
import org.concertina.search.SearchOutcome;
import org.concertina.search.SearchRun;
import org.concertina.search.SearchSpace;
import org.concertina.search.UserJudge;
import org.concertina.train.ModelFormatException;
import org.concertina.train.TrainedModel;

/**
 * Searches a model's configurations for budgets.
 *
 * <p>Validation users judge, training items excluded: one half selects, the other confirms. Test
 * interactions are not looked at.
 */
final class SearchService {
  private static final int CUTOFF = 20;

  private final Session session;
  private final TrainedModel model;
  private final InteractionData data;
  private final RowOrder order;
  private final ArtifactLayout layout;
  private final Map<String, Double> phaseSeconds = new LinkedHashMap<>();

  /**
   * @param groups of items that keep the same blocks
   * @param ids whether artifacts hold the external item ids
   * @throws ModelFormatException if the model has seen the validation interactions
   */
  SearchService(
      Session session, TrainedModel model, InteractionData data, Groups groups, boolean ids)
      throws ModelFormatException {
    model.requireUnseenValidation();
    this.session = session;
    this.model = model;
    this.data = data;
    this.order = RowOrder.byId(groups, model.itemIds());
    this.layout = layout(model, order, ids);
  }

  /** What configurations of a model cost as artifacts. */
  static ArtifactLayout layout(TrainedModel model, RowOrder order, boolean ids) {
    return new ArtifactLayout(
        order.groups(),
        model.header().config().shape(),
        ids ? IdCodec.bytes(order, model.itemIds()) : IdBytes.NONE,
        CodedPriors.of(model.prior(), order));
  }

  ArtifactLayout layout() {
    return layout;
  }

  /**
   * Searches.
   *
   * @param judgeBytes memory for the lists of both judges
   * @throws org.concertina.search.BudgetTooSmallException if a budget cannot be met
   */
  SearchOutcome search(
      SearchSpace space, SearchConfig config, List<Budget> budgets, long judgeBytes)
      throws CommandFailure {
    for (Budget budget : budgets) {
      space.checkBudget(layout, budget.bytes(layout));
    }
    phaseSeconds.clear();
    IntPredicate selects = selects(config.seed());
    try (Judge selecting = judge(selects, judgeBytes / 2);
        Judge confirming = judge(selects.negate(), judgeBytes / 2);
        Progress progress = new Progress(session.console())) {
      // Of free subsets there are too many to make a list each.
      if (space.nestedOnly()) {
        selecting.expect(space.choices(), space.monotone());
        confirming.expect(space.choices(), space.monotone());
      }
      session
          .console()
          .note(
              "search: %,d validation users select, %,d confirm"
                  .formatted(selecting.users(), confirming.users()));
      return new SearchRun(
              space,
              layout,
              config,
              new UserJudge(selecting),
              Optional.of(new UserJudge(confirming)),
              session.pool(),
              progress)
          .run(budgets);
    } catch (MemoryCapExceededException tooLittle) {
      throw new CommandFailure("--judge-memory, half for each judge: " + tooLittle.getMessage());
    }
  }

  private Judge judge(IntPredicate users, long bytes) {
    return new Judge(
        session.ops(),
        session.pool(),
        model.embeddings().users(),
        model.embeddings().items(),
        model.prior(),
        layout.shape(),
        order,
        data.validation(),
        List.of(data.train()),
        CUTOFF,
        users,
        MemoryCap.ofBytes(bytes));
  }

  /** The outcome's front with its provenance. */
  FrontFile file(SearchOutcome outcome, SearchSpace space, SearchConfig config) {
    return new FrontFile(
        provenance(space, config), layout.shape(), layout.groups(), outcome.front());
  }

  /** Whether a front is what this search would find, so that searching again is of no use. */
  boolean wouldFind(FrontFile front, SearchSpace space, SearchConfig config) {
    return front.provenance().equals(provenance(space, config))
        && Arrays.equals(front.groups().starts(), layout.groups().starts());
  }

  private FrontProvenance provenance(SearchSpace space, SearchConfig config) {
    return new FrontProvenance(
        Json.hash(model.header().dataHash()),
        Json.hash(model.tableHash()),
        settings(space, config),
        session.seed(),
        EngineVersion.current());
  }

  /** Both are records of records, so their texts name all settings. */
  private String settings(SearchSpace space, SearchConfig config) {
    long hash = layout.ids().allBytes();
    for (byte character : (space + " " + config).getBytes(StandardCharsets.UTF_8)) {
      hash = CounterRandom.key(hash, character);
    }
    return Json.hash(hash);
  }

  /**
   * Explains configurations, judged on the users who select.
   *
   * @return one a configuration
   */
  List<Explanation> explain(
      SearchSpace space, SearchConfig config, List<ElasticConfig> configs, long judgeBytes)
      throws CommandFailure {
    try (Judge selecting = judge(selects(config.seed()), judgeBytes)) {
      UserJudge judge = new UserJudge(selecting);
      return configs.stream()
          .map(found -> Explanation.of(space, layout, judge, config.objective(), found))
          .toList();
    } catch (MemoryCapExceededException tooLittle) {
      throw new CommandFailure("--judge-memory: " + tooLittle.getMessage());
    }
  }

  /**
   * Judges configurations exactly, on the users who select and on those who confirm.
   *
   * @return one a configuration
   */
  List<FrontPoint> judge(SearchConfig config, List<ElasticConfig> configs, long judgeBytes)
      throws CommandFailure {
    IntPredicate selects = selects(config.seed());
    try (Judge selecting = judge(selects, judgeBytes / 2);
        Judge confirming = judge(selects.negate(), judgeBytes / 2)) {
      return configs.stream()
          .map(
              one ->
                  new FrontPoint(
                      layout.fileBytes(one),
                      one,
                      selecting.judge(one),
                      Optional.of(confirming.judge(one))))
          .toList();
    } catch (MemoryCapExceededException tooLittle) {
      throw new CommandFailure("--judge-memory, half for each judge: " + tooLittle.getMessage());
    }
  }

  private static IntPredicate selects(long seed) {
    long halves = CounterRandom.key(seed, CUTOFF);
    return user -> (CounterRandom.key(halves, user) & 1) == 0;
  }

  /** How long the phases of the last search took, in seconds, in their order. */
  Map<String, Double> phaseSeconds() {
    return Collections.unmodifiableMap(phaseSeconds);
  }

  /** One progress line for every phase, whose times it keeps. */
  private final class Progress implements SearchListener, AutoCloseable {
    private final Console console;
    private ProgressLine line;
    private Phase phase;
    private long begin;

    Progress(Console console) {
      this.console = console;
    }

    @Override
    public void progress(Phase now, long done, long total) {
      if (now != phase) {
        close();
        phase = now;
        begin = System.nanoTime();
        line =
            console.progress(
                "search, " + now.name().toLowerCase(Locale.ROOT), unit(now), total, done);
      }
      line.advance(done, "%,d of %,d".formatted(done, total));
    }

    private String unit(Phase phase) {
      return switch (phase) {
        case LABELS, FRONT -> "configurations";
        case ESTIMATOR -> "estimators";
        case GREEDY -> "bytes";
        case BUDGETS -> "budgets";
      };
    }

    @Override
    public void close() {
      if (line != null) {
        line.close();
        line = null;
        double seconds = (System.nanoTime() - begin) * 1e-9;
        phaseSeconds.merge(phase.name().toLowerCase(Locale.ROOT), seconds, Double::sum);
      }
    }
  }
}
