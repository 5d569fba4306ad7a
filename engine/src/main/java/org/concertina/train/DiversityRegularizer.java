package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.BlockShape;

/**
 * The diversity regulariser of RULE (Chen et al., KDD 2021) and its follow-up, over unit-normed
 * blocks.
 *
 * <p>With {@code u_n = e_n / ||e_n||} and so {@code ||u_m - u_n||^2 = 2 - 2 <u_m, u_n>}, one item
 * has
 *
 * <ul>
 *   <li>{@code rbf}: {@code R = 2 / (N (N - 1)) * sum over m < n of exp(-gamma * ||u_m - u_n||^2)};
 *   <li>{@code adjacent}: {@code R = -1 / (N - 1) * sum over n < N of ||u_n - u_{n+1}||^2},
 *       negative because the objective is minimised.
 * </ul>
 *
 * <p>A single block has R = 0. One instance a worker: it owns scratch.
 */
final class DiversityRegularizer {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  private final int blocks;
  private final int blockDim;
  private final DiversityForm form;
  private final double gamma;
  private final double[] unit;
  private final double[] inverseNorm;
  private final double[] gradient;

  DiversityRegularizer(BlockShape shape, TrainConfig.Diversity diversity) {
    this.blocks = shape.blocks();
    this.blockDim = shape.blockDim();
    this.form = diversity.form();
    this.gamma = diversity.gamma();
    this.unit = new double[shape.dim()];
    this.inverseNorm = new double[blocks];
    this.gradient = new double[shape.dim()];
  }

  /**
   * Adds {@code weight * dR/de} to a gradient row and returns R.
   *
   * @param row the item's embedding
   * @param out the item's gradient
   */
  double addGradient(
      double weight,
      MemorySegment row,
      long rowOffsetBytes,
      MemorySegment out,
      long outOffsetBytes) {
    if (blocks < 2 || form == DiversityForm.NONE) {
      return 0;
    }
    normalizeBlocks(row, rowOffsetBytes);
    double value = form == DiversityForm.RBF ? allPairs() : neighbours();
    for (int n = 0; n < blocks; n++) {
      int base = n * blockDim;
      double along = 0;
      for (int d = 0; d < blockDim; d++) {
        along += gradient[base + d] * unit[base + d];
      }
      for (int d = 0; d < blockDim; d++) {
        double g = inverseNorm[n] * (gradient[base + d] - along * unit[base + d]);
        long at = outOffsetBytes + (long) (base + d) * Float.BYTES;
        out.set(F32, at, (float) (out.get(F32, at) + weight * g));
      }
    }
    return value;
  }

  private void normalizeBlocks(MemorySegment row, long rowOffsetBytes) {
    for (int n = 0; n < blocks; n++) {
      double squared = 0;
      for (int d = 0; d < blockDim; d++) {
        int k = n * blockDim + d;
        unit[k] = row.get(F32, rowOffsetBytes + (long) k * Float.BYTES);
        squared += unit[k] * unit[k];
        gradient[k] = 0;
      }
      inverseNorm[n] = squared == 0 ? 0 : 1 / Math.sqrt(squared);
      for (int d = 0; d < blockDim; d++) {
        unit[n * blockDim + d] *= inverseNorm[n];
      }
    }
  }

  private double allPairs() {
    double scale = 2.0 / (blocks * (blocks - 1.0));
    double value = 0;
    for (int m = 0; m < blocks; m++) {
      for (int n = m + 1; n < blocks; n++) {
        double term = scale * Math.exp(-gamma * (2 - 2 * cosine(m, n)));
        value += term;
        addCosineGradient(2 * gamma * term, m, n);
      }
    }
    return value;
  }

  private double neighbours() {
    double scale = 1.0 / (blocks - 1.0);
    double value = 0;
    for (int n = 0; n + 1 < blocks; n++) {
      value -= scale * (2 - 2 * cosine(n, n + 1));
      addCosineGradient(2 * scale, n, n + 1);
    }
    return value;
  }

  private double cosine(int m, int n) {
    double cosine = 0;
    for (int d = 0; d < blockDim; d++) {
      cosine += unit[m * blockDim + d] * unit[n * blockDim + d];
    }
    return cosine;
  }

  /** Adds {@code slope * d<u_m, u_n>} to the gradients of both unit blocks. */
  private void addCosineGradient(double slope, int m, int n) {
    for (int d = 0; d < blockDim; d++) {
      gradient[m * blockDim + d] += slope * unit[n * blockDim + d];
      gradient[n * blockDim + d] += slope * unit[m * blockDim + d];
    }
  }
}
