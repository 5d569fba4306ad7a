package org.concertina.datasets.catalogue;

/**
 * How a set's interactions are written.
 *
 * @param kind lines of a user and the user's items, or rows of a pair each
 * @param separator between the fields of a row, null for lines
 * @param header whether the first row names the fields
 */
public record ContentFormat(Kind kind, String separator, boolean header) {
  /** Kinds of content. */
  public enum Kind {
    /** {@code user item item ...}, a user's line may repeat; after the user a space or a colon. */
    LINES,
    /** {@code user, item} and whatever follows. */
    ROWS
  }

  /** Checks that rows have a separator. */
  public ContentFormat {
    if (kind == null || (kind == Kind.ROWS && (separator == null || separator.isEmpty()))) {
      throw new IllegalArgumentException("format: expected a kind, and a separator for rows");
    }
  }

  /** The form that the project reads. */
  static ContentFormat lines() {
    return new ContentFormat(Kind.LINES, null, false);
  }

  @Override
  public String toString() {
    if (kind == Kind.LINES) {
      return "lines of a user and items";
    }
    String name =
        switch (separator) {
          case "\t" -> "tabs";
          case " " -> "spaces";
          default -> "'" + separator + "'";
        };
    return "rows with " + name + (header ? " and a header" : "");
  }
}
