package org.concertina.search;

/**
 * Settings of the evolutionary search.
 *
 * @param islands populations that evolve apart; the work that threads share out
 * @param population genomes of an island
 * @param generations generations of every island
 * @param migrationEvery generations between migrations
 * @param migrants genomes that every island sends to the next
 */
public record EvolutionConfig(
    int islands, int population, int generations, int migrationEvery, int migrants) {
  /** Validates. */
  public EvolutionConfig {
    if (islands < 1 || population < 2 || generations < 0 || migrationEvery < 1 || migrants < 0) {
      throw new IllegalArgumentException(
          "evolution: expected islands >= 1, population >= 2, generations >= 0,"
              + " migrationEvery >= 1 and migrants >= 0");
    }
  }

  /** Four islands of 48 genomes for 80 generations. */
  public static EvolutionConfig defaults() {
    return new EvolutionConfig(4, 48, 80, 10, 3);
  }

  /** A copy with a share of the generations. */
  EvolutionConfig shortened(int divisor) {
    return new EvolutionConfig(
        islands, population, Math.ceilDiv(generations, divisor), migrationEvery, migrants);
  }
}
