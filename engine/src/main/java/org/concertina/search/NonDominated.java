package org.concertina.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Order of a population by NSGA-II (Deb et al., IEEE TEC 2002): fronts of genomes none of which is
 * at once larger and less fit than another, and within a front by crowding distance, so that the
 * ends and the loosely covered parts survive.
 */
final class NonDominated {
  private static final Comparator<Genome> SMALL_THEN_FIT =
      Comparator.comparingLong(Genome::fileBytes)
          .thenComparing(Comparator.comparingDouble(Genome::fitness).reversed());

  private NonDominated() {}

  /**
   * Splits genomes into fronts, best front first, each smallest first. With two objectives a sorted
   * sweep suffices: a genome belongs to the first front whose last member is less fit; O(n log n +
   * n f) for f fronts.
   */
  static List<List<Genome>> fronts(List<Genome> genomes) {
    List<Genome> sorted = new ArrayList<>(genomes);
    sorted.sort(SMALL_THEN_FIT);
    List<List<Genome>> fronts = new ArrayList<>();
    for (Genome genome : sorted) {
      int front = 0;
      while (front < fronts.size() && dominates(fronts.get(front).getLast(), genome)) {
        front++;
      }
      if (front == fronts.size()) {
        fronts.add(new ArrayList<>());
      }
      fronts.get(front).add(genome);
    }
    return fronts;
  }

  /** Whether {@code smaller}, which is no larger, is as fit as {@code genome} or fitter. */
  private static boolean dominates(Genome smaller, Genome genome) {
    return smaller.fitness() >= genome.fitness();
  }

  /**
   * The first {@code count} genomes by front and then by crowding distance.
   *
   * @return best first; every position is a rank
   */
  static List<Genome> best(List<Genome> genomes, int count) {
    List<Genome> kept = new ArrayList<>();
    for (List<Genome> front : fronts(genomes)) {
      if (kept.size() >= count) {
        break;
      }
      double[] crowding = crowding(front);
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < front.size(); i++) {
        order.add(i);
      }
      order.sort(Comparator.<Integer>comparingDouble(i -> crowding[i]).reversed());
      order.stream().limit(count - kept.size()).forEach(i -> kept.add(front.get(i)));
    }
    return kept;
  }

  /**
   * Crowding distances of a front, smallest genome first: the gaps to both neighbours in the
   * logarithm of bytes and in fitness, over their ranges. Logarithms, because budgets are spread
   * over orders of magnitude.
   */
  static double[] crowding(List<Genome> front) {
    int last = front.size() - 1;
    double[] distance = new double[front.size()];
    double bytesRange = logBytes(front.get(last)) - logBytes(front.getFirst());
    double fitnessRange = front.get(last).fitness() - front.getFirst().fitness();
    for (int i = 0; i <= last; i++) {
      if (i == 0 || i == last) {
        distance[i] = Double.POSITIVE_INFINITY;
      } else {
        Genome before = front.get(i - 1);
        Genome after = front.get(i + 1);
        distance[i] =
            (logBytes(after) - logBytes(before)) / bytesRange
                + (after.fitness() - before.fitness()) / fitnessRange;
      }
    }
    return distance;
  }

  private static double logBytes(Genome genome) {
    return Math.log((double) genome.fileBytes());
  }
}
