package org.concertina.ingest;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the columns or keys are called, null to be recognised by the names in common use. A whole
 * number is the position of a column, from 1, in a table without a header.
 */
public record ColumnNames(String user, String item, String rating, String time) {
  /** All to be recognised. */
  public static final ColumnNames COMMON = new ColumnNames(null, null, null, null);

  private static final Set<String> USERS =
      Set.of(
          "user", "userid", "uid", "reviewerid", "customerid", "customer", "visitorid", "memberid");
  private static final Set<String> ITEMS =
      Set.of(
          "item",
          "itemid",
          "iid",
          "movieid",
          "movie",
          "asin",
          "productid",
          "businessid",
          "trackid",
          "songid",
          "artistid",
          "bookid",
          "isbn",
          "gameid",
          "poiid",
          "venueid",
          "locationid",
          "sku",
          "articleid",
          "newsid",
          "videoid");
  private static final Set<String> RATINGS =
      Set.of("rating", "ratings", "overall", "stars", "score", "weight");
  private static final Set<String> TIMES =
      Set.of(
          "timestamp", "time", "unixreviewtime", "unixtime", "date", "datetime", "ts", "createdat");

  /** Position of each role in the header, -1 where it is not; user, item, rating, time. */
  int[] find(List<String> header) {
    return new int[] {
      find(header, user, USERS),
      find(header, item, ITEMS),
      find(header, rating, RATINGS),
      find(header, time, TIMES)
    };
  }

  private static int find(List<String> header, String wanted, Set<String> common) {
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i);
      String type = name.replaceFirst(":(token|float)(_seq)?$", "");
      boolean found =
          wanted != null
              ? wanted.equals(name) || wanted.equals(type)
              : common.contains(type.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
      if (found) {
        return i;
      }
    }
    return -1;
  }

  /** Whether columns are given by position. */
  boolean positional() {
    return isPosition(user) && isPosition(item);
  }

  private static boolean isPosition(String name) {
    return name != null && name.matches("[1-9][0-9]{0,3}");
  }

  /** Given positions from 0, -1 where none is given. */
  int[] positions() {
    return new int[] {position(user), position(item), position(rating), position(time)};
  }

  private static int position(String name) {
    return isPosition(name) ? Integer.parseInt(name) - 1 : -1;
  }
}
