package org.concertina.ingest;

/**
 * Where a table's columns are.
 *
 * @param separator one byte, or 0 for "::"
 * @param quotes whether a field may stand in double quotes
 * @param header whether the first record holds names
 * @param user column of the users, from 0
 * @param item column of the items
 * @param rating column of the ratings, -1 without
 * @param time column of the times, -1 without
 */
record Columns(
    int separator, boolean quotes, boolean header, int user, int item, int rating, int time)
    implements TextLayout {
  int last() {
    return Math.max(Math.max(user, item), Math.max(rating, time));
  }
}
