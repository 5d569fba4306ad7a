package org.concertina.ingest;

import org.concertina.interaction.InteractionFormatException;

/**
 * Walks through one line of JSON, byte by byte, and knows where values end; what they are it leaves
 * to others. Not thread-safe.
 */
final class JsonCursor {
  private static final String FORM = "write one JSON object a line";

  private final TextWindow window;

  /** The bytes that the line is in. */
  byte[] b;

  /** Next byte. */
  int at;

  /** End of the line. */
  int end;

  JsonCursor(TextWindow window) {
    this.window = window;
  }

  /** Begins the line from the window's position to {@code lineEnd}. */
  void begin(int lineEnd) {
    b = window.bytes;
    at = window.position;
    end = lineEnd;
  }

  /** Whether this byte is next. */
  boolean isAt(char wanted) {
    return at < end && b[at] == wanted;
  }

  /** Goes behind the value that begins here. */
  void skipValue() throws InteractionFormatException {
    int depth = 0;
    do {
      skipSpaces();
      if (at == end) {
        throw bad("ends within a value");
      }
      switch (b[at]) {
        case '"' -> skipString();
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          if (--depth < 0) {
            throw bad("a value is missing");
          }
          at++;
        }
        case ',', ':' -> {
          if (depth == 0) {
            throw bad("a value is missing");
          }
          at++;
        }
        default -> skipLiteral();
      }
    } while (depth > 0);
  }

  private void skipLiteral() throws InteractionFormatException {
    int begin = at;
    while (at < end
        && (b[at] == '-' || b[at] == '+' || b[at] == '.' || isAsciiLetterOrDigit(b[at]))) {
      at++;
    }
    if (at == begin) {
      throw bad("is not JSON at " + TextWindow.shown(b, at, Math.min(end, at + 8)));
    }
  }

  private static boolean isAsciiLetterOrDigit(byte value) {
    return (value >= '0' && value <= '9')
        || (value >= 'a' && value <= 'z')
        || (value >= 'A' && value <= 'Z');
  }

  /** Goes behind the string that begins here. */
  void skipString() throws InteractionFormatException {
    expect('"');
    while (at < end && b[at] != '"') {
      at += b[at] == '\\' ? 2 : 1;
    }
    if (at >= end) {
      at = end;
      throw bad("a string does not end");
    }
    at++;
  }

  /** Goes behind this byte, which must be next. */
  void expect(char wanted) throws InteractionFormatException {
    if (at == end || b[at] != wanted) {
      throw bad(
          "expected '%c' at byte %d, got %s"
              .formatted(
                  wanted,
                  at - window.position + 1,
                  at == end ? "the end" : TextWindow.shown(b, at, Math.min(end, at + 8))));
    }
    at++;
  }

  /** Goes to the next byte that is no blank. */
  void skipSpaces() {
    while (at < end && (b[at] == ' ' || b[at] == '\t')) {
      at++;
    }
  }

  /** What is wrong with the line. */
  InteractionFormatException bad(String problem) {
    return window.fault(problem, FORM);
  }
}
