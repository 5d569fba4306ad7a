package org.concertina.estimate;

import java.util.Arrays;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;

/**
 * Prefixes of the blocks along a curve: every group keeps as many as its weight, times a level that
 * is the same for all, allows bytes a row.
 */
final class CurveFit {
  private static final int BISECTIONS = 40;

  private final ArtifactLayout layout;
  private final Precision[] widths;
  private final int keptGroups;

  /**
   * @param widths precision of every group
   * @param keptGroups of the first groups, that keep a block at least; the others are dropped where
   *     they are not worth one
   */
  CurveFit(ArtifactLayout layout, Precision[] widths, int keptGroups) {
    this.layout = layout;
    this.widths = widths;
    this.keptGroups = keptGroups;
  }

  /** Whether some level takes about these bytes. */
  boolean reaches(long targetBytes) {
    double[] flat = new double[widths.length];
    Arrays.fill(flat, 1);
    return fileBytes(atLevel(flat, 0)) <= targetBytes
        && fileBytes(atLevel(flat, Double.MAX_VALUE)) >= targetBytes;
  }

  /** The largest configuration along the curve that takes no more than these bytes. */
  BlockChoice[] fit(double[] weights, long targetBytes) {
    double least = 0;
    double most =
        layout.shape().dim() * (double) Float.BYTES / Arrays.stream(weights).min().orElseThrow();
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (least + most) / 2;
      if (fileBytes(atLevel(weights, middle)) <= targetBytes) {
        least = middle;
      } else {
        most = middle;
      }
    }
    return atLevel(weights, least);
  }

  private BlockChoice[] atLevel(double[] weights, double level) {
    BlockShape shape = layout.shape();
    BlockChoice[] choices = new BlockChoice[weights.length];
    for (int g = 0; g < choices.length; g++) {
      double allowed = level * weights[g];
      double blockBytes = widths[g].bits() / 8.0 * shape.blockDim();
      int kept = (int) Math.clamp(allowed / blockBytes, g < keptGroups ? 1 : 0, shape.blocks());
      choices[g] = kept == 0 ? BlockChoice.DROPPED : BlockChoice.prefix(kept, widths[g]);
    }
    return choices;
  }

  private long fileBytes(BlockChoice[] choices) {
    return layout.fileBytes(new ElasticConfig(layout.shape(), Arrays.asList(choices)));
  }
}
