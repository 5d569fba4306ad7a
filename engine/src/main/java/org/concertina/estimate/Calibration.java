package org.concertina.estimate;

import java.util.ArrayList;
import java.util.List;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;

/**
 * How far an estimator may be trusted, on two kinds of configurations that it has not seen.
 *
 * @param spread drawn over all sizes and shapes
 * @param nearFront neighbours of the best of every size, which differ little: the hard ones
 * @param points every configuration of both, those of {@code spread} first
 */
public record Calibration(
    CalibrationReport spread, CalibrationReport nearFront, List<Point> points) {
  /**
   * One configuration.
   *
   * @param share its artifact's bytes as a share of the full table's
   * @param predicted metric by the estimator
   * @param exact metric by the judge
   */
  public record Point(double share, double predicted, double exact) {}

  /** Copies. */
  public Calibration {
    points = List.copyOf(points);
  }

  /** Measures an estimator on labels that were held out. */
  public static Calibration of(Estimator estimator, Labelling.Split labels, ArtifactLayout layout) {
    List<Point> spread = points(estimator, labels.spread(), layout);
    List<Point> nearFront = points(estimator, labels.nearFront(), layout);
    List<Point> all = new ArrayList<>(spread);
    all.addAll(nearFront);
    return new Calibration(report(spread), report(nearFront), all);
  }

  private static List<Point> points(Estimator estimator, Labels labels, ArtifactLayout layout) {
    double full = layout.fullTableBytes();
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < labels.count(); i++) {
      ElasticConfig config = labels.configs().get(i);
      points.add(
          new Point(
              layout.fileBytes(config) / full, estimator.predict(config), labels.metrics()[i]));
    }
    return points;
  }

  private static CalibrationReport report(List<Point> points) {
    return CalibrationReport.of(
        points.stream().mapToDouble(Point::predicted).toArray(),
        points.stream().mapToDouble(Point::exact).toArray(),
        points.stream().mapToDouble(Point::share).toArray());
  }
}
