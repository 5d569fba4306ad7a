package org.concertina.cli;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Plots quality against bytes. */
final class QualityPlot {
  private QualityPlot() {}

  /**
   * Writes a PNG.
   *
   * @return why there is none, if this machine cannot draw text
   */
  static Optional<String> write(Path file, List<DemoRow> rows, long fullBytes, double fullRecall)
      throws IOException {
    return Plots.write(file, () -> chart(rows, fullBytes, fullRecall));
  }

  private static XYChart chart(List<DemoRow> rows, long fullBytes, double fullRecall) {
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(560)
            .title("Quality of one trained table against the bytes that a device keeps")
            .xAxisTitle("bytes of the artifact")
            .yAxisTitle("Recall@20")
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisDecimalPattern("0.00");
    chart.getStyler().setXAxisDecimalPattern("#,###");
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(LegendPosition.InsideSE);
    for (String strategy : rows.stream().map(DemoRow::strategy).distinct().toList()) {
      List<DemoRow> own = rows.stream().filter(r -> r.strategy().equals(strategy)).toList();
      chart.addSeries(
          strategy,
          own.stream().mapToDouble(DemoRow::fileBytes).toArray(),
          own.stream().mapToDouble(DemoRow::recallAt20).toArray());
    }
    chart.addSeries("full fp32 table", new double[] {fullBytes}, new double[] {fullRecall});
    return chart;
  }
}
