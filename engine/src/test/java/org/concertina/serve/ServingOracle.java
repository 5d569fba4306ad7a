package org.concertina.serve;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.block.BlockChoice;
import org.concertina.block.Precision;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.memory.FloatTable;

/**
 * What a device must recommend, in plain Java from the table and the configuration; obviously right
 * and slow.
 */
final class ServingOracle {
  private final ArtifactFixture fixture;
  private final int blockDim;
  private final int dim;

  /** Stored elements of every row at their place in a whole row, 0 where nothing is kept. */
  private final float[][] stored;

  /** What every row's dot product is multiplied by. */
  private final float[] factors;

  /** What is added to every row's score; null if items have no prior. */
  private final float[] priors;

  ServingOracle(ArtifactFixture fixture) {
    this.fixture = fixture;
    this.blockDim = fixture.shape().blockDim();
    this.dim = fixture.shape().dim();
    this.stored = new float[fixture.groups().items()][];
    this.factors = new float[fixture.groups().items()];
    this.priors = fixture.prior() == null ? null : new float[stored.length];
    for (int g = 0; g < fixture.groups().count(); g++) {
      pack(g);
      if (priors != null) {
        packPriors(g);
      }
    }
  }

  private boolean keeps(int group, int k) {
    return fixture.config().choice(group).keeps(k / blockDim);
  }

  private void pack(int group) {
    BlockChoice choice = fixture.config().choice(group);
    float largest = 0;
    for (int row = fixture.groups().start(group); row < fixture.groups().end(group); row++) {
      stored[row] = new float[dim];
      int item = fixture.order().itemAtRow(row);
      double squared = 0;
      for (int k = 0; k < dim; k++) {
        double value = keeps(group, k) ? fixture.items().get(item, k) : 0;
        squared += value * value;
      }
      float inverse = squared == 0 ? 0 : (float) (1 / Math.sqrt(squared));
      for (int k = 0; k < dim; k++) {
        stored[row][k] = keeps(group, k) ? fixture.items().get(item, k) * inverse : 0;
        largest = Math.max(largest, Math.abs(stored[row][k]));
      }
    }
    for (int row = fixture.groups().start(group); row < fixture.groups().end(group); row++) {
      factors[row] = 1;
      if (choice.precision() == Precision.INT8 && largest > 0) {
        factors[row] = largest / 127;
        for (int k = 0; k < dim; k++) {
          stored[row][k] = (float) Math.rint(stored[row][k] / factors[row]);
        }
      } else if (choice.precision() == Precision.INT4) {
        packInt4(row);
      } else if (choice.precision() == Precision.INT2) {
        packInt2(row, group);
      }
    }
  }

  /** The threshold among 17 from which on a magnitude is 3 and not 1. */
  private void packInt2(int row, int group) {
    double total = 0;
    int count = 0;
    for (float value : stored[row]) {
      total += Math.abs(value);
      count += value != 0 ? 1 : 0;
    }
    float eighth = (float) (total / count / 8);
    double best = -1;
    int bestEighths = 0;
    for (int eighths = 4; eighths <= 20; eighths++) {
      double dot = 0;
      double squared = 0;
      for (float value : stored[row]) {
        int code = value == 0 ? 0 : Math.abs(value) >= eighths * eighth ? 3 : 1;
        dot += code * (double) Math.abs(value);
        squared += code * code;
      }
      if (dot / Math.sqrt(squared) > best) {
        best = dot / Math.sqrt(squared);
        bestEighths = eighths;
      }
    }
    float squared = 0;
    for (int k = 0; k < dim; k++) {
      float value = stored[row][k];
      if (keeps(group, k)) {
        float code = value != 0 && Math.abs(value) >= bestEighths * eighth ? 3 : 1;
        stored[row][k] = value < 0 ? -code : code;
        squared += code * code;
      }
    }
    factors[row] = 1 / (float) Math.sqrt(squared);
  }

  /** The scale among 21 whose codes point most nearly where the row points. */
  private void packInt4(int row) {
    float largest = 0;
    for (float value : stored[row]) {
      largest = Math.max(largest, Math.abs(value));
    }
    double best = -1;
    float[] codes = stored[row];
    for (int i = 0; i <= 20 && largest > 0; i++) {
      float perUnit = 0.25f * (16 + i) / largest;
      float[] rounded = new float[dim];
      double dot = 0;
      double squared = 0;
      for (int k = 0; k < dim; k++) {
        double magnitude = Math.min(7, Math.floor(Math.abs(stored[row][k]) * perUnit + 0.5f));
        rounded[k] = (float) (Math.signum(stored[row][k]) * magnitude);
        dot += rounded[k] * (double) stored[row][k];
        squared += magnitude * magnitude;
      }
      if (dot / Math.sqrt(squared) > best) {
        best = dot / Math.sqrt(squared);
        codes = rounded;
      }
    }
    stored[row] = codes;
    double squared = 0;
    for (float code : codes) {
      squared += (double) code * code;
    }
    factors[row] = squared == 0 ? 1 : 1 / (float) Math.sqrt(squared);
  }

  private float prior(int row) {
    return fixture.prior().getAtIndex(ValueLayout.JAVA_FLOAT, fixture.order().itemAtRow(row));
  }

  /** The nearest of 255 numbers that lie evenly between the extremes; their middle if near. */
  private void packPriors(int group) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (int row = fixture.groups().start(group); row < fixture.groups().end(group); row++) {
      least = Math.min(least, prior(row));
      most = Math.max(most, prior(row));
    }
    boolean near = (double) most - least <= 0.02;
    float step = near ? 0 : (float) (((double) most - least) / 254);
    float middle = (float) (((double) most + least) / 2);
    for (int row = fixture.groups().start(group); row < fixture.groups().end(group); row++) {
      double code = step == 0 ? 0 : Math.rint(((double) prior(row) - middle) / step);
      priors[row] = Math.fma(step, (float) Math.max(-127, Math.min(127, code)), middle);
    }
  }

  /** The vector that is scored: with a prior the unit vector, whose bits are the kernel's. */
  private float[] query(float[] user) {
    if (priors == null) {
      return user;
    }
    try (Arena arena = Arena.ofConfined()) {
      int padded = FloatTable.strideFloats(dim);
      MemorySegment x = arena.allocate(padded * 4L, 64);
      MemorySegment ones = arena.allocate(padded * 4L, 64);
      MemorySegment.copy(user, 0, x, ValueLayout.JAVA_FLOAT, 0, dim);
      for (int k = 0; k < padded; k++) {
        ones.setAtIndex(ValueLayout.JAVA_FLOAT, k, 1f);
      }
      MemorySegment unit = arena.allocate(padded * 4L, 64);
      VectorOpsProvider.get().rows().normalizeMasked(x, 0, ones, 0, unit, 0, padded);
      return Arrays.copyOf(unit.toArray(ValueLayout.JAVA_FLOAT), dim);
    }
  }

  /** What the device ranks by, to the bit: dot product, or cosine plus prior. */
  private float ranked(float[] query, int row) {
    float dot = dot(query, row) + 0f;
    return priors == null ? dot : dot + priors[row];
  }

  /** The dot product with a row, to the bit. */
  private float dot(float[] user, int row) {
    int group = fixture.groups().groupOf(row);
    float sum = 0;
    for (int k = 0; k < dim; k++) {
      if (keeps(group, k)) {
        sum = Math.fma(user[k], stored[row][k], sum);
      }
    }
    return sum * factors[row];
  }

  /** The score that the device reports, to the bit. */
  float score(float[] user, int row) {
    if (priors != null) {
      return ranked(query(user), row);
    }
    double squared = 0;
    for (float value : user) {
      squared += (double) value * value;
    }
    return squared == 0 ? 0 : (float) (ranked(user, row) / Math.sqrt(squared));
  }

  /** s(u,i) of the design, and the prior, from the table itself, in doubles. */
  double exact(float[] user, int row) {
    int group = fixture.groups().groupOf(row);
    int item = fixture.order().itemAtRow(row);
    double dot = 0;
    double userSquared = 0;
    double itemSquared = 0;
    for (int k = 0; k < dim; k++) {
      double value = keeps(group, k) ? fixture.items().get(item, k) : 0;
      dot += user[k] * value;
      userSquared += (double) user[k] * user[k];
      itemSquared += value * value;
    }
    double prior = priors == null ? 0 : prior(row);
    return prior + (dot == 0 ? 0 : dot / Math.sqrt(userSquared * itemSquared));
  }

  /** The user vector of a history, to the bit. */
  float[] userVector(int[] history) {
    float[] sum = new float[dim];
    int known = 0;
    for (int row : history) {
      if (!fixture.isThere(row)) {
        continue;
      }
      known++;
      int group = fixture.groups().groupOf(row);
      for (int k = 0; k < dim; k++) {
        if (keeps(group, k)) {
          sum[k] = Math.fma(factors[row], stored[row][k], sum[k]);
        }
      }
    }
    for (int k = 0; k < dim && known > 1; k++) {
      sum[k] *= (float) (1 / Math.sqrt(known));
    }
    return sum;
  }

  /** The k best rows that are not excluded, ties by lower row. */
  int[] best(float[] user, int k, IntPredicate excluded) {
    float[] query = query(user);
    float[] ranked = new float[stored.length];
    for (int row = 0; row < ranked.length; row++) {
      ranked[row] = ranked(query, row);
    }
    return IntStream.range(0, ranked.length)
        .filter(fixture::isThere)
        .filter(excluded.negate())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer row) -> -ranked[row]).thenComparing(row -> row))
        .limit(k)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
