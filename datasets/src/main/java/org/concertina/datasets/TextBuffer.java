package org.concertina.datasets;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** ASCII text that grows; numbers go in without a String. */
final class TextBuffer {
  private static final int MAX_DIGITS = 20;

  private byte[] bytes = new byte[1 << 16];
  private int size;

  TextBuffer append(char c) {
    room(1);
    bytes[size++] = (byte) c;
    return this;
  }

  /** Appends a number that is not negative. */
  TextBuffer append(long number) {
    room(MAX_DIGITS);
    int end = size + digits(number);
    int at = end;
    long left = number;
    do {
      long tenth = left / 10;
      bytes[--at] = (byte) ('0' + (left - 10 * tenth));
      left = tenth;
    } while (left > 0);
    size = end;
    return this;
  }

  TextBuffer append(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      append(ascii.charAt(i));
    }
    return this;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.multiplyExact(2, bytes.length));
    }
  }

  private static int digits(long number) {
    int digits = 1;
    for (long power = 10; digits < 19 && number >= power; power *= 10) {
      digits++;
    }
    return digits;
  }
}
