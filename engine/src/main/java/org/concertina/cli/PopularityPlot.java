package org.concertina.cli;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the interactions of items against their popularity rank, both axes logarithmic. */
final class PopularityPlot {
  private static final int MAX_POINTS = 400;

  private PopularityPlot() {}

  /**
   * Writes a PNG.
   *
   * @param ascending interactions of every item
   * @return why there is none, if this machine cannot draw text
   */
  static Optional<String> write(Path file, String title, long[] ascending) throws IOException {
    return Plots.write(file, () -> chart(title, ascending));
  }

  private static XYChart chart(String title, long[] ascending) {
    double[] ranks = ranks(ascending.length);
    double[] counts = new double[ranks.length];
    for (int i = 0; i < ranks.length; i++) {
      counts[i] = Math.max(1, ascending[ascending.length - (int) ranks[i]]);
    }
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(560)
            .title(title)
            .xAxisTitle("items by popularity")
            .yAxisTitle("interactions")
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setXAxisDecimalPattern("#,###");
    chart.getStyler().setYAxisDecimalPattern("#,###");
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendVisible(false);
    chart.addSeries("items", ranks, counts).setMarker(SeriesMarkers.NONE);
    return chart;
  }

  /** Ranks from 1 to the last, evenly apart on a logarithmic axis. */
  static double[] ranks(int items) {
    double[] ranks = new double[Math.min(items, MAX_POINTS)];
    int size = 0;
    for (int i = 0; i < ranks.length; i++) {
      double share = ranks.length == 1 ? 0 : i / (ranks.length - 1.0);
      double rank = Math.rint(Math.pow(items, share));
      if (size == 0 || rank > ranks[size - 1]) {
        ranks[size++] = rank;
      }
    }
    return Arrays.copyOf(ranks, size);
  }
}
