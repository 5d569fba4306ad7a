package org.concertina.report;

import java.util.List;

/**
 * A plot in words: series over a numeric x, or bars over named categories.
 *
 * @param kind how it is drawn
 * @param title above it
 * @param xTitle under it
 * @param yTitle beside it
 * @param bytesX whether x is bytes, on a logarithmic scale
 * @param series what is drawn
 */
record Plot(
    Kind kind, String title, String xTitle, String yTitle, boolean bytesX, List<Series> series) {
  /** How a plot is drawn. */
  enum Kind {
    /** Points joined by lines. */
    LINES,
    /** Points alone. */
    POINTS,
    /** Bars from the left; {@code names} of the first series are the categories, from the top. */
    BARS
  }

  /**
   * One colour.
   *
   * @param name in the legend
   * @param names of the categories, for bars
   * @param x abscissas, for lines and points
   * @param y ordinates; null for a bar that is absent
   * @param color index of the colour, {@link Theme#REFERENCE} of what the others are seen beside
   */
  record Series(String name, List<String> names, List<Double> x, List<Double> y, int color) {
    static Series of(String name, List<Double> x, List<Double> y, int color) {
      return new Series(name, List.of(), x, y, color);
    }

    /** A dashed line without points. */
    static Series reference(String name, List<Double> x, List<Double> y) {
      return new Series(name, List.of(), x, y, Theme.REFERENCE);
    }

    static Series bars(String name, List<String> names, List<Double> y, int color) {
      return new Series(name, names, List.of(), y, color);
    }

    boolean isReference() {
      return color == Theme.REFERENCE;
    }
  }
}
