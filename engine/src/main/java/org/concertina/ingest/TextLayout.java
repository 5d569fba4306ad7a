package org.concertina.ingest;

/** How a file is to be parsed. */
sealed interface TextLayout permits Columns, TextLayout.UserLines, TextLayout.JsonKeys {
  /** One line a user, {@code user item item ...}. */
  record UserLines() implements TextLayout {}

  /**
   * One JSON object a line.
   *
   * @param rating null without
   * @param time null without
   */
  record JsonKeys(String user, String item, String rating, String time) implements TextLayout {}
}
