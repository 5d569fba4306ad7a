package org.concertina.ingest;

import java.util.Locale;

/** Forms of interaction files. */
public enum TextFormat {
  /** Told by the content of each file. */
  AUTO,
  /** One line a user, {@code user item item ...}; ids are whole numbers. */
  LINES,
  /** MovieLens-100K's {@code u.data}: user, item, rating, time between tabs, no header. */
  MOVIELENS_TAB,
  /** MovieLens-1M's {@code ratings.dat}: user::item and optionally ::rating::time. */
  MOVIELENS_DAT,
  /** MovieLens from 20M on, {@code ratings.csv}: header {@code userId,movieId,rating,timestamp}. */
  MOVIELENS_CSV,
  /** RecBole's atomic {@code .inter}: tabs, header of names with types. */
  RECBOLE,
  /** A table between commas, semicolons or bars. */
  CSV,
  /** A table between tabs. */
  TSV,
  /** One JSON object a line, such as Amazon's reviews. */
  JSONL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
