package org.concertina.search;

import org.concertina.estimate.Draws;

/** Gives a genome choices of another one, group by group. */
final class Crossover {
  private Crossover() {}

  /** Uniform or, as often, everything from one group on. */
  static void crossInPlace(Genome child, Genome other, Draws draws) {
    int point = draws.chance(0.5) ? draws.below(child.groups()) : -1;
    for (int g = 0; g < child.groups(); g++) {
      if (point < 0 ? draws.chance(0.5) : g >= point) {
        child.set(g, other.choice(g));
      }
    }
  }
}
