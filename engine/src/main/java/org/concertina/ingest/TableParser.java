package org.concertina.ingest;

import java.io.IOException;
import org.concertina.interaction.InteractionFormatException;

/**
 * Parses a table, one interaction a record.
 *
 * <p>Records end in LF, CRLF, CR or the end of the file, blank ones count for nothing, and all have
 * as many fields as the first. Spaces around a field are no part of it. In quotes, separators and
 * line ends are text, and two quotes are one. Not thread-safe.
 */
final class TableParser {
  private static final int INCOMPLETE = -1;
  private static final byte TEXT = 0;
  private static final byte SEPARATOR = 1;
  private static final byte LINE_END = 2;
  private static final byte NUL = 3;

  private final TextWindow window;
  private final Columns columns;
  private final RecordSink sink;
  private final byte[] kinds = new byte[256];
  private final int[] begins;
  private final int[] ends;
  private int fields;
  private int expectedFields;
  private int innerLines;
  private boolean doubledQuotes;

  TableParser(TextWindow window, Columns columns, RecordSink sink) {
    this.window = window;
    this.columns = columns;
    this.sink = sink;
    this.begins = new int[columns.last() + 1];
    this.ends = new int[columns.last() + 1];
    kinds[columns.separator() == 0 ? ':' : columns.separator()] = SEPARATOR;
    kinds['\n'] = LINE_END;
    kinds['\r'] = LINE_END;
    kinds[0] = NUL;
  }

  /** Parses to the end of the text. */
  void parse() throws IOException {
    boolean header = columns.header();
    while (true) {
      int end = scan();
      if (end == INCOMPLETE) {
        window.more();
        continue;
      }
      if (end == window.position) {
        return;
      }
      if (fields > 1 || begins[0] < ends[0]) {
        checkFields();
        if (!header) {
          add();
        }
        header = false;
      }
      finish(end);
    }
  }

  /** Finds the fields of the record at the window's position; returns the end of its last one. */
  private int scan() throws InteractionFormatException {
    byte[] b = window.bytes;
    int limit = window.limit;
    int at = window.position;
    fields = 0;
    innerLines = 0;
    doubledQuotes = false;
    if (at == limit) {
      return window.exhausted() ? at : INCOMPLETE;
    }
    while (true) {
      int begin = at;
      int end;
      boolean quoted = columns.quotes() && at < limit && b[at] == '"';
      if (quoted) {
        end = closingQuote(b, at + 1, limit);
        if (end == INCOMPLETE) {
          return INCOMPLETE;
        }
        begin++;
        at = end + 1;
        if (at < limit && kinds[b[at] & 0xff] == TEXT) {
          throw window.fault(
              "field %d goes on behind its closing quote".formatted(fields + 1),
              "double the quotes inside a field");
        }
      } else {
        at = endOfField(b, at, limit);
        end = at;
      }
      if (at == limit && !window.exhausted()) {
        return INCOMPLETE;
      }
      boolean more = at < limit && kinds[b[at] & 0xff] == SEPARATOR;
      if (at < limit && b[at] == 0) {
        throw window.fault("has a NUL byte, so the file is not text", "give UTF-8 text");
      }
      if (fields < begins.length) {
        while (!quoted && begin < end && b[begin] == ' ') {
          begin++;
        }
        while (!quoted && end > begin && b[end - 1] == ' ') {
          end--;
        }
        begins[fields] = begin;
        ends[fields] = end;
      }
      fields++;
      if (!more) {
        return lineEnd(b, at, limit);
      }
      at += columns.separator() == 0 ? 2 : 1;
    }
  }

  private int endOfField(byte[] b, int from, int limit) {
    int at = from;
    while (true) {
      while (at < limit && kinds[b[at] & 0xff] == TEXT) {
        at++;
      }
      boolean loneColon =
          columns.separator() == 0
              && at < limit
              && b[at] == ':'
              && (at + 1 < limit ? b[at + 1] != ':' : window.exhausted());
      if (!loneColon) {
        return columns.separator() == 0 && at + 1 == limit && b[at] == ':' ? limit : at;
      }
      at++;
    }
  }

  private int closingQuote(byte[] b, int from, int limit) throws InteractionFormatException {
    for (int at = from; at < limit; at++) {
      if (b[at] == '"') {
        if (at + 1 == limit && !window.exhausted()) {
          return INCOMPLETE;
        }
        if (at + 1 == limit || b[at + 1] != '"') {
          return at;
        }
        doubledQuotes = true;
        at++;
      } else if (b[at] == '\n') {
        innerLines++;
      } else if (b[at] == 0) {
        throw window.fault("has a NUL byte, so the file is not text", "give UTF-8 text");
      }
    }
    if (window.exhausted()) {
      throw window.fault("a quote is not closed", "close it, or double quotes that are text");
    }
    return INCOMPLETE;
  }

  /** End of the record, its CRLF included. */
  private int lineEnd(byte[] b, int at, int limit) {
    if (at == limit) {
      return at;
    }
    innerLines++;
    if (b[at] != '\r') {
      return at + 1;
    }
    if (at + 1 == limit && !window.exhausted()) {
      return INCOMPLETE;
    }
    return at + 1 < limit && b[at + 1] == '\n' ? at + 2 : at + 1;
  }

  private void checkFields() throws InteractionFormatException {
    if (expectedFields == 0) {
      expectedFields = fields;
    }
    if (fields != expectedFields) {
      throw window.fault(
          "has %d fields, the first record has %d".formatted(fields, expectedFields),
          "give all records the same columns and separators");
    }
    if (fields <= columns.last()) {
      throw window.fault(
          "has %d fields, but column %d is wanted".formatted(fields, columns.last() + 1),
          "name the columns or the --format");
    }
  }

  private void add() throws InteractionFormatException {
    byte[] b = window.bytes;
    if (doubledQuotes) {
      undoubleQuotes(b, columns.user());
      undoubleQuotes(b, columns.item());
    }
    double rating =
        columns.rating() < 0 ? 0 : sink.rating(b, begins[columns.rating()], ends[columns.rating()]);
    long time = columns.time() < 0 ? 0 : sink.time(b, begins[columns.time()], ends[columns.time()]);
    int user = sink.user(b, begins[columns.user()], ends[columns.user()]);
    int item = sink.item(b, begins[columns.item()], ends[columns.item()]);
    sink.add(user, item, rating, time);
  }

  private void undoubleQuotes(byte[] b, int column) {
    int to = begins[column];
    if (to == 0 || b[to - 1] != '"') {
      return;
    }
    for (int from = to; from < ends[column]; from++, to++) {
      b[to] = b[from];
      if (b[from] == '"') {
        from++;
      }
    }
    ends[column] = to;
  }

  private void finish(int end) {
    window.position = end;
    window.line += innerLines;
  }
}
