package org.concertina.report;

import java.util.List;

/**
 * A part of the report.
 *
 * @param title its heading
 * @param text what it shows, a sentence or two
 * @param plots drawn in this order
 * @param maps of kept blocks
 * @param tables under the plots
 */
record Section(
    String title, String text, List<Plot> plots, List<BlockMap> maps, List<Table> tables) {
  /**
   * A table.
   *
   * @param head column titles
   * @param rows of as many cells
   */
  record Table(List<String> head, List<List<String>> rows) {}

  /**
   * Which blocks the groups keep.
   *
   * @param title what was chosen
   * @param groups {@code "1100 int4"} a group, most popular first
   */
  record BlockMap(String title, List<String> groups) {}
}
