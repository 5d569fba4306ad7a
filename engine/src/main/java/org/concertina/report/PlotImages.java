package org.concertina.report;

import java.awt.BasicStroke;
import java.awt.Font;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;

/** Draws plots as PNG, with letters that can be read on a phone. */
final class PlotImages {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 680;
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 22);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 24);

  private PlotImages() {}

  /**
   * A data URI.
   *
   * @return nothing if this machine cannot draw text
   */
  static Optional<String> dataUri(Plot plot, Theme theme) throws IOException {
    System.setProperty("java.awt.headless", "true");
    try {
      byte[] png = ChartEncoder.getBytes(chart(plot, theme), "png");
      return Optional.of("data:image/png;base64," + Base64.getEncoder().encodeToString(png));
    } catch (LinkageError | InternalError noFonts) {
      // A slim machine has no fonts or no library of them, and AWT says so in these ways.
      return Optional.empty();
    }
  }

  private static Chart<?, ?> chart(Plot plot, Theme theme) {
    return plot.kind() == Plot.Kind.BARS ? bars(plot, theme) : points(plot, theme);
  }

  private static XYChart points(Plot plot, Theme theme) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(plot.title())
            .xAxisTitle(plot.xTitle())
            .yAxisTitle(plot.yTitle())
            .build();
    style(chart.getStyler(), theme);
    chart.getStyler().setXAxisLogarithmic(plot.logX());
    chart.getStyler().setMarkerSize(plot.kind() == Plot.Kind.POINTS ? 8 : 13);
    chart
        .getStyler()
        .setDefaultSeriesRenderStyle(
            plot.kind() == Plot.Kind.POINTS
                ? XYSeriesRenderStyle.Scatter
                : XYSeriesRenderStyle.Line);
    for (Plot.Series series : plot.series()) {
      chart.addSeries(series.name(), series.x(), series.y()).setLineStyle(new BasicStroke(3.5f));
    }
    return chart;
  }

  private static CategoryChart bars(Plot plot, Theme theme) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(plot.title())
            .xAxisTitle(plot.xTitle())
            .yAxisTitle(plot.yTitle())
            .build();
    style(chart.getStyler(), theme);
    chart.getStyler().setXAxisLabelRotation(30);
    for (Plot.Series series : plot.series()) {
      chart.addSeries(series.name(), series.names(), series.y());
    }
    return chart;
  }

  private static void style(AxesChartStyler styler, Theme theme) {
    styler.setChartBackgroundColor(theme.paper);
    styler.setPlotBackgroundColor(theme.paper);
    // The page has the legend, so that it wraps on a narrow screen.
    styler.setLegendVisible(false);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(theme.grid);
    styler.setChartFontColor(theme.ink);
    styler.setXAxisTickLabelsColor(theme.ink);
    styler.setYAxisTickLabelsColor(theme.ink);
    styler.setAxisTickMarksColor(theme.ink);
    styler.setSeriesColors(Theme.SERIES);
    styler.setChartTitleFont(TITLE);
    styler.setAxisTitleFont(TEXT);
    styler.setAxisTickLabelsFont(TEXT);
    styler.setXAxisDecimalPattern("#,##0.###");
    styler.setYAxisDecimalPattern("#,##0.####");
  }
}
