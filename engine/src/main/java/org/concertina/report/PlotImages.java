package org.concertina.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws plots as PNG, with letters that can be read on a phone. */
final class PlotImages {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 680;
  private static final int LEGEND = 450;
  private static final int BAR = 38;
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 27);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 28);

  private PlotImages() {}

  /**
   * A PNG.
   *
   * @param legend whether the picture has one, as it must where nothing else tells the colours
   * @return nothing if this machine cannot draw text
   */
  static Optional<byte[]> png(Plot plot, Theme theme, boolean legend) throws IOException {
    System.setProperty("java.awt.headless", "true");
    try {
      return Optional.of(ChartEncoder.getBytes(chart(plot, theme, legend), "png"));
    } catch (LinkageError | InternalError noFonts) {
      // A slim machine has no fonts or no library of them, and AWT says so in these ways.
      return Optional.empty();
    }
  }

  private static Chart<?, ?> chart(Plot plot, Theme theme, boolean legend) {
    return plot.kind() == Plot.Kind.BARS ? bars(plot, theme, legend) : points(plot, theme, legend);
  }

  private static XYChart points(Plot plot, Theme theme, boolean legend) {
    XYChart chart =
        new XYChartBuilder()
            .width(legend ? WIDTH + LEGEND : WIDTH)
            .height(HEIGHT)
            .title(plot.title())
            .xAxisTitle(plot.xTitle())
            .yAxisTitle(plot.yTitle())
            .build();
    style(chart.getStyler(), theme, legend);
    chart.getStyler().setXAxisDecimalPattern("#,##0.###");
    chart.getStyler().setYAxisDecimalPattern("#,##0.####");
    chart.getStyler().setYAxisTickMarkSpacingHint(90);
    if (plot.bytesX()) {
      chart.getStyler().setXAxisLogarithmic(true);
      chart.getStyler().setXAxisLogarithmicDecadeOnly(false);
      chart.getStyler().setXAxisTickMarkSpacingHint(150);
      chart.setCustomXAxisTickLabelsFormatter(PlotImages::bytes);
    } else {
      chart.getStyler().setXAxisTickMarkSpacingHint(120);
    }
    boolean scattered = plot.kind() == Plot.Kind.POINTS;
    chart.getStyler().setMarkerSize(scattered ? 8 : 13);
    for (Plot.Series series : plot.series()) {
      XYSeries drawn = chart.addSeries(series.name(), series.x(), series.y());
      Color color = Theme.color(series.color());
      drawn.setMarkerColor(color);
      drawn.setLineColor(color);
      if (series.isReference()) {
        drawn.setMarker(SeriesMarkers.NONE);
        drawn.setLineStyle(
            new BasicStroke(
                2.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 0, new float[] {12, 9}, 0));
      } else if (scattered) {
        drawn.setMarker(SeriesMarkers.CIRCLE);
        drawn.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
      } else {
        drawn.setLineStyle(new BasicStroke(3.5f));
      }
    }
    return chart;
  }

  /** Of the ticks within a decade only those at 1, 2 and 5 have room for a label. */
  private static String bytes(double bytes) {
    long unit = bytes < 999_999.5 ? 1_000 : 1_000_000;
    double decade = Math.pow(10, Math.floor(Math.log10(bytes) + 1e-9));
    long digit = Math.round(bytes / decade);
    return digit == 1 || digit == 2 || digit == 5
        ? "%s %s"
            .formatted(
                new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT))
                    .format(bytes / unit),
                unit == 1_000 ? "KB" : "MB")
        : "";
  }

  private static HorizontalBarChart bars(Plot plot, Theme theme, boolean legend) {
    List<String> names = plot.series().getFirst().names();
    HorizontalBarChart chart =
        new HorizontalBarChartBuilder()
            .width(legend ? WIDTH + LEGEND : WIDTH)
            .height(160 + (BAR * plot.series().size() + 12) * names.size())
            .title(plot.title())
            .xAxisTitle(plot.xTitle())
            .yAxisTitle("")
            .build();
    style(chart.getStyler(), theme, legend);
    chart.getStyler().setXAxisDecimalPattern("#,##0.####");
    // The library takes this hint for the other axis too, whose categories all need their labels.
    chart.getStyler().setXAxisTickMarkSpacingHint(BAR);
    chart.getStyler().setAvailableSpaceFill(0.85);
    chart.getStyler().setYAxisTitleVisible(false);
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setLabelsFont(TEXT);
    chart.getStyler().setLabelsFontColor(theme.ink);
    chart.getStyler().setLabelsFontColorAutomaticEnabled(false);
    for (Plot.Series series : plot.series()) {
      chart.addSeries(series.name(), series.y(), names).setFillColor(Theme.color(series.color()));
    }
    return chart;
  }

  private static void style(AxesChartStyler styler, Theme theme, boolean legend) {
    styler.setChartBackgroundColor(theme.paper);
    styler.setPlotBackgroundColor(theme.paper);
    // On the page it is text, so that it wraps on a narrow screen.
    styler.setLegendVisible(legend);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setLegendLayout(LegendLayout.Vertical);
    styler.setLegendFont(TEXT);
    styler.setLegendBackgroundColor(theme.paper);
    styler.setLegendBorderColor(theme.paper);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(theme.grid);
    styler.setChartFontColor(theme.ink);
    styler.setXAxisTickLabelsColor(theme.ink);
    styler.setYAxisTickLabelsColor(theme.ink);
    styler.setAxisTickMarksColor(theme.ink);
    styler.setChartTitleFont(TITLE);
    styler.setAxisTitleFont(TEXT);
    styler.setAxisTickLabelsFont(TEXT);
  }
}
