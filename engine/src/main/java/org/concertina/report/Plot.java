package org.concertina.report;

import java.util.List;

/**
 * A plot in words: series over a numeric x, or bars over named categories.
 *
 * @param kind how it is drawn
 * @param title above it
 * @param xTitle under it
 * @param yTitle beside it
 * @param logX whether x is logarithmic
 * @param series what is drawn
 */
record Plot(
    Kind kind, String title, String xTitle, String yTitle, boolean logX, List<Series> series) {
  /** How a plot is drawn. */
  enum Kind {
    /** Points joined by lines. */
    LINES,
    /** Points alone. */
    POINTS,
    /** Bars side by side; {@code names} of the first series are the categories. */
    BARS
  }

  /**
   * One colour.
   *
   * @param name in the legend
   * @param names of the categories, for bars
   * @param x abscissas, for lines and points
   * @param y ordinates
   */
  record Series(String name, List<String> names, List<Double> x, List<Double> y) {
    static Series of(String name, List<Double> x, List<Double> y) {
      return new Series(name, List.of(), x, y);
    }

    static Series bars(String name, List<String> names, List<Double> y) {
      return new Series(name, names, List.of(), y);
    }
  }
}
