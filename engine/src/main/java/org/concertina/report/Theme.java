package org.concertina.report;

import java.awt.Color;

/** Colours of a plot on light or dark paper. */
enum Theme {
  LIGHT(new Color(0xFFFFFF), new Color(0x1F2328), new Color(0xD0D7DE)),
  DARK(new Color(0x14181D), new Color(0xE6EDF3), new Color(0x3D444D));

  /** Told apart by most eyes, on both papers. */
  private static final Color[] SERIES = {
    new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7),
    new Color(0xE69F00), new Color(0x56B4E9), new Color(0x8C6BB1), new Color(0x999999),
    new Color(0xB2182B), new Color(0x35978F), new Color(0xBF812D), new Color(0x6A51A3),
    new Color(0x74C476), new Color(0xFB6A4A), new Color(0xDD3497), new Color(0x8A8A00),
    new Color(0x8C510A), new Color(0x00A6A6)
  };

  /** Instead of an index of a colour: the grey of what others are compared with. */
  static final int REFERENCE = -1;

  private static final Color GREY = new Color(0x8C8C8C);

  final Color paper;
  final Color ink;
  final Color grid;

  /** The colour of a series. */
  static Color color(int index) {
    return index == REFERENCE ? GREY : SERIES[index % SERIES.length];
  }

  /** The same as CSS writes it. */
  static String css(int index) {
    return "#%06x".formatted(color(index).getRGB() & 0xFFFFFF);
  }

  Theme(Color paper, Color ink, Color grid) {
    this.paper = paper;
    this.ink = ink;
    this.grid = grid;
  }
}
