package org.concertina.ingest;

import java.io.IOException;
import org.concertina.interaction.InteractionFormatException;

/** Turns the fields of a record into an interaction, or says what is wrong with them. */
final class RecordSink {
  private final TextWindow window;
  private final LogBuilder builder;

  RecordSink(TextWindow window, LogBuilder builder) {
    this.window = window;
    this.builder = builder;
  }

  int user(byte[] b, int begin, int end) throws InteractionFormatException {
    return id(builder.users(), "user", b, begin, end);
  }

  int item(byte[] b, int begin, int end) throws InteractionFormatException {
    return id(builder.items(), "item", b, begin, end);
  }

  private int id(IdColumn column, String role, byte[] b, int begin, int end)
      throws InteractionFormatException {
    if (begin == end) {
      throw window.fault("the " + role + " is empty", "give every record a user and an item");
    }
    if (end - begin > NamePool.MAX_NAME_BYTES) {
      throw window.fault(
          "the %s of %d bytes is too long".formatted(role, end - begin),
          "ids have at most " + NamePool.MAX_NAME_BYTES + " bytes");
    }
    int index = column.indexOf(b, begin, end);
    if (index < 0) {
      throw window.fault(
          "the %s %s is not UTF-8".formatted(role, TextWindow.shown(b, begin, end)),
          "convert the file to UTF-8, for example by iconv");
    }
    return index;
  }

  double rating(byte[] b, int begin, int end) throws InteractionFormatException {
    double rating = Numbers.decimal(b, begin, end);
    if (Double.isNaN(rating)) {
      throw window.fault(
          "the rating %s is not a number".formatted(TextWindow.shown(b, begin, end)),
          "write decimal numbers, or name another column by --rating-col");
    }
    return rating;
  }

  long time(byte[] b, int begin, int end) throws InteractionFormatException {
    long time = Numbers.time(b, begin, end);
    if (time == Numbers.NO_TIME) {
      throw window.fault(
          "the time %s is neither a number nor a date".formatted(TextWindow.shown(b, begin, end)),
          "write seconds, or dates such as 2026-11-24T15:30:00Z, or name another column by"
              + " --time-col");
    }
    return time;
  }

  boolean needsRatings() {
    return builder.needsRatings();
  }

  boolean needsTimes() {
    return builder.needsTimes();
  }

  /** Begins a file, or refuses one without what the options need. */
  void begin(boolean ratings, boolean times) throws IOException {
    if (!ratings && builder.needsRatings()) {
      throw new InteractionFormatException(
          window.file(), 0, "has no ratings", "leave out --min-rating, or name --rating-col");
    }
    if (!times && builder.needsTimes()) {
      throw new InteractionFormatException(
          window.file(),
          0,
          "has no times",
          "leave out --from, --to and the temporal split, or name --time-col");
    }
    if (!builder.begin(times)) {
      throw new InteractionFormatException(
          window.file(),
          0,
          times ? "has times, the files before have not" : "has no times, the files before have",
          "ingest files with times and without apart");
    }
  }

  void add(int user, int item, double rating, long time) {
    builder.add(user, item, rating, time);
  }
}
