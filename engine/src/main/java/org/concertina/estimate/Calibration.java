package org.concertina.estimate;

import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;

/**
 * How far an estimator may be trusted, on two kinds of configurations that it has not seen.
 *
 * @param spread drawn over all sizes and shapes
 * @param nearFront neighbours of the best of every size, which differ little: the hard ones
 */
public record Calibration(CalibrationReport spread, CalibrationReport nearFront) {
  /** Measures an estimator on labels that were held out. */
  public static Calibration of(Estimator estimator, Labelling.Split labels, ArtifactLayout layout) {
    return new Calibration(
        report(estimator, labels.spread(), layout), report(estimator, labels.nearFront(), layout));
  }

  private static CalibrationReport report(
      Estimator estimator, Labels labels, ArtifactLayout layout) {
    double full = layout.fullTableBytes();
    return CalibrationReport.of(
        labels.configs().stream().mapToDouble(estimator::predict).toArray(),
        labels.metrics(),
        labels.configs().stream().mapToDouble(c -> share(c, layout, full)).toArray());
  }

  private static double share(ElasticConfig config, ArtifactLayout layout, double full) {
    return layout.fileBytes(config) / full;
  }
}
