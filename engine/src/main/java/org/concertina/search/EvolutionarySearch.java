package org.concertina.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;
import org.concertina.estimate.Draws;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.WorkerPool;

/**
 * Evolves configurations under a budget: tournament selection, group-wise crossover, moves of
 * blocks, repair to the budget, elitism, and islands that exchange their best.
 *
 * <p>Every island draws from a stream of its own and migration happens in a fixed order between
 * barriers, so the result depends on the seed, not on the number of threads.
 */
public final class EvolutionarySearch implements SearchStrategy {
  private static final int RANDOM_SEEDS = 32;

  private final SearchSpace space;
  private final ArtifactLayout layout;
  private final EvolutionConfig config;
  private final WorkerPool pool;
  private final List<Fitness> fitness = new ArrayList<>();

  /**
   * @param fitness makes one {@link Fitness} for every island
   */
  public EvolutionarySearch(
      SearchSpace space,
      ArtifactLayout layout,
      EvolutionConfig config,
      Supplier<? extends Fitness> fitness,
      WorkerPool pool) {
    this.space = space;
    this.layout = layout;
    this.config = config;
    this.pool = pool;
    for (int i = 0; i < config.islands(); i++) {
      this.fitness.add(fitness.get());
    }
  }

  @Override
  public List<ElasticConfig> search(Request request) {
    long budgetBytes = request.budgetBytes();
    long seed = request.seed();
    space.checkBudget(layout, budgetBytes);
    Repair repair = new Repair(space, budgetBytes);
    List<Genome> starts = new ArrayList<>();
    request.seeds().forEach(start -> starts.add(Genome.of(layout, start)));
    new RandomConfigs(space, layout)
        .sample(budgetBytes, RANDOM_SEEDS, seed)
        .forEach(start -> starts.add(Genome.of(layout, start)));
    List<Island> islands = new ArrayList<>();
    for (int i = 0; i < config.islands(); i++) {
      Draws draws = new Draws(CounterRandom.key(CounterRandom.key(seed, -1), i));
      islands.add(new Island(repair, fitness.get(i), config, draws));
    }
    pool.run(islands.size(), (i, _) -> islands.get(i).populate(starts));
    int done = 0;
    while (done < config.generations()) {
      int generations = Math.min(config.migrationEvery(), config.generations() - done);
      pool.run(islands.size(), (i, _) -> islands.get(i).evolve(generations));
      done += generations;
      migrate(islands);
    }
    return winners(islands, request);
  }

  /** Around the ring; what an island sends was its own before the migration. */
  private void migrate(List<Island> islands) {
    List<List<Genome>> migrants =
        islands.stream().map(island -> island.best(config.migrants())).toList();
    for (int i = 0; i < islands.size() && islands.size() > 1; i++) {
      islands.get((i + 1) % islands.size()).receive(migrants.get(i));
    }
  }

  private List<ElasticConfig> winners(List<Island> islands, Request request) {
    List<Genome> all = new ArrayList<>();
    islands.forEach(island -> all.addAll(island.best(config.population())));
    // Islands repair their seeds; what was asked to be beaten competes as it is.
    for (ElasticConfig seed : request.seeds()) {
      Genome genome = Genome.of(layout, seed);
      if (genome.fileBytes() <= request.budgetBytes()) {
        genome.setFitness(fitness.getFirst().of(genome.choices()));
        all.add(genome);
      }
    }
    all.sort(
        Comparator.comparingDouble(Genome::fitness)
            .reversed()
            .thenComparingLong(Genome::fileBytes));
    Set<ElasticConfig> distinct = new LinkedHashSet<>();
    all.forEach(genome -> distinct.add(genome.toConfig()));
    return distinct.stream().limit(request.count()).toList();
  }
}
