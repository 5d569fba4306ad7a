package org.concertina.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.estimate.Draws;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.WorkerPool;

/**
 * NSGA-II (Deb et al., IEEE TEC 2002) on bytes and fitness: one population that spreads over the
 * whole front, so that one run serves every budget up to the largest.
 *
 * <p>Children are made by one thread and valued by all, in parts whose number does not depend on
 * the threads.
 */
public final class Nsga2 implements SearchStrategy {
  private static final double CROSSOVER = 0.8;
  private static final double MUTATION = 0.9;
  private static final int PARTS = 4;

  private final SearchSpace space;
  private final ArtifactLayout layout;
  private final int population;
  private final int generations;
  private final WorkerPool pool;
  private final List<Fitness> fitness = new ArrayList<>();

  /**
   * @param population genomes, spread over the whole front
   * @param fitness makes one {@link Fitness} for every part of the work
   */
  public Nsga2(
      SearchSpace space,
      ArtifactLayout layout,
      int population,
      int generations,
      Supplier<? extends Fitness> fitness,
      WorkerPool pool) {
    if (population < 2 || generations < 0) {
      throw new IllegalArgumentException(
          "nsga2: expected population >= 2 and generations >= 0, got %d and %d"
              .formatted(population, generations));
    }
    this.space = space;
    this.layout = layout;
    this.population = population;
    this.generations = generations;
    this.pool = pool;
    for (int part = 0; part < PARTS; part++) {
      this.fitness.add(fitness.get());
    }
  }

  /** The fit end of {@link #front}. */
  @Override
  public List<ElasticConfig> search(Request request) {
    List<Genome> last = evolve(request);
    last.sort(
        Comparator.comparingDouble(Genome::fitness)
            .reversed()
            .thenComparingLong(Genome::fileBytes));
    Set<ElasticConfig> distinct = new LinkedHashSet<>();
    last.forEach(genome -> distinct.add(genome.toConfig()));
    return distinct.stream().limit(request.count()).toList();
  }

  /**
   * The whole front up to the request's budget, smallest first; its count plays no part.
   *
   * @throws BudgetTooSmallException if nothing fits
   */
  public List<ElasticConfig> front(Request request) {
    return NonDominated.fronts(evolve(request)).getFirst().stream().map(Genome::toConfig).toList();
  }

  private List<Genome> evolve(Request request) {
    space.checkBudget(layout, request.budgetBytes());
    Repair repair = new Repair(space, request.budgetBytes());
    Mutations mutations = new Mutations(space);
    Draws draws = new Draws(CounterRandom.key(request.seed(), 2));
    Set<List<BlockChoice>> known = new HashSet<>();
    List<Genome> parents = start(request, repair, mutations, draws, known);
    for (int generation = 0; generation < generations; generation++) {
      List<Genome> children = new ArrayList<>();
      for (int tries = 0; children.size() < population && tries < 3 * population; tries++) {
        Genome child = tournament(parents, draws).copy();
        if (draws.chance(CROSSOVER)) {
          Crossover.crossInPlace(child, tournament(parents, draws), draws);
        }
        if (draws.chance(MUTATION)) {
          mutations.mutateInPlace(child, draws);
        }
        repair.shrinkInPlace(child, draws);
        admit(children, known, child);
      }
      value(children);
      List<Genome> all = new ArrayList<>(parents);
      all.addAll(children);
      parents = NonDominated.best(all, population);
    }
    return new ArrayList<>(parents);
  }

  private List<Genome> start(
      Request request,
      Repair repair,
      Mutations mutations,
      Draws draws,
      Set<List<BlockChoice>> known) {
    List<Genome> genomes = new ArrayList<>();
    admit(genomes, known, Genome.of(layout, space.smallest()));
    for (ElasticConfig seed : request.seeds()) {
      // A seed that fits competes as it is; one that does not is a start all the same.
      Genome genome = Genome.of(layout, seed);
      if (genome.fileBytes() > request.budgetBytes()) {
        repair.shrinkInPlace(genome, draws);
      }
      admit(genomes, known, genome);
    }
    // Grown to sizes of the whole range: mutations of the smallest hardly leave its end.
    long smallest = genomes.getFirst().fileBytes();
    for (long size : BudgetGrid.of(smallest, request.budgetBytes(), population / 2)) {
      Genome genome = genomes.getFirst().copy();
      new Repair(space, size).fillInPlace(genome, draws);
      admit(genomes, known, genome);
    }
    for (int tries = 0; genomes.size() < population && tries < 10 * population; tries++) {
      Genome genome = genomes.get(draws.below(genomes.size())).copy();
      mutations.mutateInPlace(genome, draws);
      repair.shrinkInPlace(genome, draws);
      admit(genomes, known, genome);
    }
    value(genomes);
    return NonDominated.best(genomes, population);
  }

  private static void admit(List<Genome> into, Set<List<BlockChoice>> known, Genome genome) {
    if (known.add(List.copyOf(genome.choices()))) {
      into.add(genome);
    }
  }

  private void value(List<Genome> genomes) {
    pool.run(
        PARTS,
        (part, _) -> {
          for (int i = part; i < genomes.size(); i += PARTS) {
            Genome genome = genomes.get(i);
            genome.setFitness(fitness.get(part).of(genome.choices()));
          }
        });
  }

  /** Parents stand best first, so the lower of two places wins. */
  private static Genome tournament(List<Genome> parents, Draws draws) {
    int one = draws.below(parents.size());
    int other = draws.below(parents.size());
    return parents.get(Math.min(one, other));
  }
}
