package org.concertina.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.concertina.block.BlockChoice;
import org.concertina.estimate.Draws;

/** One population that evolves by itself between migrations. Used by one thread at a time. */
final class Island {
  private static final Comparator<Genome> BEST_FIRST =
      Comparator.comparingDouble(Genome::fitness).reversed().thenComparingLong(Genome::fileBytes);
  private static final int TOURNAMENT = 3;
  private static final double CROSSOVER = 0.8;

  private final Repair repair;
  private final Mutations mutations;
  private final Fitness fitness;
  private final Draws draws;
  private final int size;
  private final int elite;
  private List<Genome> population = new ArrayList<>();

  Island(Repair repair, Fitness fitness, EvolutionConfig config, Draws draws) {
    this.repair = repair;
    this.mutations = new Mutations(repair.space());
    this.fitness = fitness;
    this.draws = draws;
    this.size = config.population();
    this.elite = Math.max(1, size / 10);
  }

  /** Starts from these, repaired, and mutants of them. */
  void populate(List<Genome> seeds) {
    Set<List<BlockChoice>> known = new HashSet<>();
    for (Genome seed : seeds) {
      Genome genome = seed.copy();
      repair.repairInPlace(genome, draws);
      admit(population, known, genome);
    }
    for (int tries = 0; population.size() < size && tries < 10 * size; tries++) {
      Genome genome = seeds.get(draws.below(seeds.size())).copy();
      mutations.mutateInPlace(genome, draws);
      repair.repairInPlace(genome, draws);
      admit(population, known, genome);
    }
    population.sort(BEST_FIRST);
  }

  void evolve(int generations) {
    for (int generation = 0; generation < generations; generation++) {
      List<Genome> next = new ArrayList<>();
      Set<List<BlockChoice>> known = new HashSet<>();
      for (Genome survivor : best(elite)) {
        next.add(survivor);
        known.add(List.copyOf(survivor.choices()));
      }
      // A small space may have fewer distinct genomes than the population has places.
      for (int tries = 0; next.size() < size && tries < 3 * size; tries++) {
        admit(next, known, child());
      }
      next.sort(BEST_FIRST);
      population = next;
    }
  }

  private void admit(List<Genome> into, Set<List<BlockChoice>> known, Genome genome) {
    if (known.add(List.copyOf(genome.choices()))) {
      genome.setFitness(fitness.of(genome.choices()));
      into.add(genome);
    }
  }

  private Genome child() {
    Genome child = tournament().copy();
    if (draws.chance(CROSSOVER)) {
      Crossover.crossInPlace(child, tournament(), draws);
    }
    if (draws.chance(0.8)) {
      mutations.mutateInPlace(child, draws);
    }
    repair.repairInPlace(child, draws);
    return child;
  }

  private Genome tournament() {
    int best = population.size();
    for (int i = 0; i < TOURNAMENT; i++) {
      best = Math.min(best, draws.below(population.size()));
    }
    return population.get(best);
  }

  /** The best genomes, best first. */
  List<Genome> best(int count) {
    return List.copyOf(population.subList(0, Math.min(count, population.size())));
  }

  /** Takes genomes from elsewhere in place of its worst. */
  void receive(List<Genome> migrants) {
    Set<List<BlockChoice>> known = new HashSet<>();
    population.forEach(genome -> known.add(List.copyOf(genome.choices())));
    for (Genome migrant : migrants) {
      if (known.add(List.copyOf(migrant.choices()))) {
        Genome settled = migrant.copy();
        settled.setFitness(migrant.fitness());
        population.add(settled);
      }
    }
    population.sort(BEST_FIRST);
    if (population.size() > size) {
      population = new ArrayList<>(population.subList(0, size));
    }
  }
}
