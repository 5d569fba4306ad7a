package org.concertina.ingest;

/** The text of a JSON string or number: in the line's bytes, or unescaped in bytes of its own. */
final class JsonText {
  private byte[] bytes;
  private int begin;
  private int end;
  private boolean present;
  private byte[] unescaped = new byte[64];

  void clear() {
    present = false;
  }

  boolean isPresent() {
    return present;
  }

  byte[] bytes() {
    return bytes;
  }

  int begin() {
    return begin;
  }

  int end() {
    return end;
  }

  /** Takes a JSON value; returns whether it is a string with sound escapes, or a number. */
  boolean set(byte[] b, int from, int to) {
    present = true;
    if (b[from] != '"') {
      bytes = b;
      begin = from;
      end = to;
      return !Double.isNaN(Numbers.decimal(b, from, to));
    }
    bytes = b;
    begin = from + 1;
    end = to - 1;
    for (int at = begin; at < end; at++) {
      if (b[at] == '\\') {
        return unescape(b);
      }
    }
    return true;
  }

  private boolean unescape(byte[] b) {
    if (unescaped.length < end - begin) {
      unescaped = new byte[2 * (end - begin)];
    }
    int to = 0;
    int at = begin;
    while (at < end) {
      if (b[at] != '\\') {
        unescaped[to++] = b[at++];
        continue;
      }
      at++;
      if (b[at] == 'u') {
        int unit = unit(b, at + 1);
        at += 4;
        int code = unit;
        if (unit >= 0xd800
            && unit < 0xdc00
            && at + 2 < end
            && b[at + 1] == '\\'
            && b[at + 2] == 'u') {
          int low = unit(b, at + 3);
          if (low >= 0xdc00 && low < 0xe000) {
            code = Character.toCodePoint((char) unit, (char) low);
            at += 6;
          }
        }
        if (code < 0 || (code >= 0xd800 && code < 0xe000)) {
          return false;
        }
        to = putUtf8(code, to);
      } else {
        int plain = "\"\\/bfnrt".indexOf(b[at]);
        if (plain < 0) {
          return false;
        }
        unescaped[to++] = (byte) "\"\\/\b\f\n\r\t".charAt(plain);
      }
      at++;
    }
    bytes = unescaped;
    begin = 0;
    end = to;
    return true;
  }

  /** Four hexadecimal digits, or -1. */
  private int unit(byte[] b, int from) {
    if (from + 4 > end) {
      return -1;
    }
    int unit = 0;
    for (int at = from; at < from + 4; at++) {
      int digit = Character.digit(b[at], 16);
      if (digit < 0) {
        return -1;
      }
      unit = 16 * unit + digit;
    }
    return unit;
  }

  private int putUtf8(int code, int at) {
    int to = at;
    if (code < 0x80) {
      unescaped[to++] = (byte) code;
      return to;
    }
    int tails = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    int lead = tails == 1 ? 0xc0 : tails == 2 ? 0xe0 : 0xf0;
    unescaped[to++] = (byte) (lead | (code >> (6 * tails)));
    for (int tail = tails - 1; tail >= 0; tail--) {
      unescaped[to++] = (byte) (0x80 | ((code >> (6 * tail)) & 0x3f));
    }
    return to;
  }
}
