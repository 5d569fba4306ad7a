package org.concertina.ingest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.concertina.interaction.InteractionFormatException;

/**
 * Parses JSON lines, one object an interaction; only the top level's four keys are looked at, what
 * stands under others is skipped. Not thread-safe.
 */
final class JsonLinesParser {
  private static final int USER = 0;
  private static final int ITEM = 1;
  private static final int RATING = 2;
  private static final int TIME = 3;

  private final TextWindow window;
  private final RecordSink sink;
  private final TextLayout.JsonKeys keys;
  private final byte[][] names;
  private final JsonText[] values = new JsonText[4];
  private final JsonCursor line;

  JsonLinesParser(TextWindow window, TextLayout.JsonKeys keys, RecordSink sink) {
    this.window = window;
    this.line = new JsonCursor(window);
    this.sink = sink;
    this.keys = keys;
    this.names =
        new byte[][] {utf8(keys.user()), utf8(keys.item()), utf8(keys.rating()), utf8(keys.time())};
    Arrays.setAll(values, i -> new JsonText());
  }

  private static byte[] utf8(String name) {
    return name == null ? null : name.getBytes(StandardCharsets.UTF_8);
  }

  /** Parses to the end of the text. */
  void parse() throws IOException {
    int scanned = 0;
    while (true) {
      int lineEnd = window.position + scanned;
      byte[] b = window.bytes;
      while (lineEnd < window.limit && b[lineEnd] != '\n' && b[lineEnd] != '\r') {
        if (b[lineEnd] == 0) {
          throw window.fault("has a NUL byte, so the file is not text", "give UTF-8 text");
        }
        lineEnd++;
      }
      scanned = lineEnd - window.position;
      if (lineEnd == window.limit && !window.exhausted()) {
        window.more();
        continue;
      }
      line.begin(lineEnd);
      line.skipSpaces();
      if (line.at < line.end) {
        object();
        add();
      }
      if (lineEnd == window.limit) {
        window.position = lineEnd;
        return;
      }
      // The LF of a CRLF ends an empty line, which only counts where a CR alone would not.
      boolean isCrLf = b[lineEnd] == '\r' && lineEnd + 1 < window.limit && b[lineEnd + 1] == '\n';
      window.position = lineEnd + (isCrLf ? 2 : 1);
      window.line++;
      scanned = 0;
    }
  }

  private void object() throws InteractionFormatException {
    for (JsonText value : values) {
      value.clear();
    }
    line.expect('{');
    line.skipSpaces();
    if (line.isAt('}')) {
      line.at++;
    } else {
      member();
      while (line.isAt(',')) {
        line.at++;
        member();
      }
      line.expect('}');
    }
    line.skipSpaces();
    if (line.at < line.end) {
      throw line.bad("goes on behind its object");
    }
  }

  private void member() throws InteractionFormatException {
    line.skipSpaces();
    int begin = line.at + 1;
    line.skipString();
    int role = role(begin, line.at - 1);
    line.skipSpaces();
    line.expect(':');
    line.skipSpaces();
    if (role < 0) {
      line.skipValue();
    } else {
      begin = line.at;
      line.skipValue();
      if (!values[role].set(line.b, begin, line.at)) {
        throw window.fault(
            "key \"%s\": %s is neither a string nor a number"
                .formatted(text(names[role]), TextWindow.shown(line.b, begin, line.at)),
            "name another key by --user-col, --item-col, --rating-col, --time-col");
      }
    }
    line.skipSpaces();
  }

  private int role(int begin, int keyEnd) {
    for (int role = 0; role < names.length; role++) {
      byte[] name = names[role];
      if (name != null && Arrays.equals(name, 0, name.length, line.b, begin, keyEnd)) {
        return role;
      }
    }
    return -1;
  }

  private void add() throws InteractionFormatException {
    double rating = 0;
    if (values[RATING].isPresent()) {
      rating = sink.rating(values[RATING].bytes(), values[RATING].begin(), values[RATING].end());
    } else if (sink.needsRatings()) {
      throw missing(keys.rating());
    }
    long time = 0;
    if (values[TIME].isPresent()) {
      time = sink.time(values[TIME].bytes(), values[TIME].begin(), values[TIME].end());
    } else if (sink.needsTimes()) {
      throw missing(keys.time());
    }
    JsonText user = present(USER, keys.user());
    JsonText item = present(ITEM, keys.item());
    sink.add(
        sink.user(user.bytes(), user.begin(), user.end()),
        sink.item(item.bytes(), item.begin(), item.end()),
        rating,
        time);
  }

  private JsonText present(int role, String key) throws InteractionFormatException {
    if (!values[role].isPresent()) {
      throw missing(key);
    }
    return values[role];
  }

  private InteractionFormatException missing(String key) {
    return window.fault(
        "has no key \"" + key + "\"",
        "give it to every object, or name another by --user-col, --item-col, --rating-col,"
            + " --time-col");
  }

  private static String text(byte[] name) {
    return new String(name, StandardCharsets.UTF_8);
  }
}
