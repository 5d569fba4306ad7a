package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.BlockShape;

/**
 * RULE's diversity regulariser (Chen et al., KDD 2021) over unit-normed blocks.
 *
 * <p>For one item, {@code R = 2 / (N (N - 1)) * sum over m < n of exp(-gamma * ||u_m - u_n||^2)}
 * with {@code u_n = e_n / ||e_n||}; since the blocks have unit norm, {@code ||u_m - u_n||^2 = 2 - 2
 * <u_m, u_n>}. One instance a worker: it owns scratch.
 */
final class DiversityRegularizer {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  private final int blocks;
  private final int blockDim;
  private final double gamma;
  private final double[] unit;
  private final double[] inverseNorm;
  private final double[] gradient;

  DiversityRegularizer(BlockShape shape, double gamma) {
    this.blocks = shape.blocks();
    this.blockDim = shape.blockDim();
    this.gamma = gamma;
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
    if (blocks < 2) {
      return 0;
    }
    normalizeBlocks(row, rowOffsetBytes);
    double value = pairTerms();
    double scale = 2.0 / (blocks * (blocks - 1.0));
    for (int n = 0; n < blocks; n++) {
      int base = n * blockDim;
      double along = 0;
      for (int d = 0; d < blockDim; d++) {
        along += gradient[base + d] * unit[base + d];
      }
      for (int d = 0; d < blockDim; d++) {
        double g = inverseNorm[n] * (gradient[base + d] - along * unit[base + d]);
        long at = outOffsetBytes + (long) (base + d) * Float.BYTES;
        out.set(F32, at, (float) (out.get(F32, at) + weight * scale * g));
      }
    }
    return value * scale;
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

  private double pairTerms() {
    double value = 0;
    for (int m = 0; m < blocks; m++) {
      for (int n = m + 1; n < blocks; n++) {
        double cosine = 0;
        for (int d = 0; d < blockDim; d++) {
          cosine += unit[m * blockDim + d] * unit[n * blockDim + d];
        }
        double term = Math.exp(-gamma * (2 - 2 * cosine));
        value += term;
        for (int d = 0; d < blockDim; d++) {
          gradient[m * blockDim + d] += 2 * gamma * term * unit[n * blockDim + d];
          gradient[n * blockDim + d] += 2 * gamma * term * unit[m * blockDim + d];
        }
      }
    }
    return value;
  }
}
