package org.concertina.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.concertina.interaction.InteractionFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged texts are read as what they are or refused by name, never with a wrong count. */
class TextFuzzTest {
  private static final int FLIPS = 250;
  private static final long FRESH_SEED = Long.getLong("concertina.seed", System.nanoTime());

  static List<TextFormatsTest.Sample> samples() {
    return TextFormatsTest.samples();
  }

  /** What is read, or null if it is refused as it should be. */
  private static List<String> readOrRefused(byte[] bytes, TextFormat format) throws IOException {
    try {
      return Texts.read(bytes, format, ColumnNames.COMMON);
    } catch (InteractionFormatException refusal) {
      assertEquals("log", refusal.file());
      assertTrue(refusal.getMessage().contains("; "), refusal.getMessage());
      assertTrue(refusal.getMessage().length() < 500, refusal.getMessage());
      return null;
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyTruncation(TextFormatsTest.Sample sample) throws IOException {
    byte[] text = Texts.bytes(sample.text());
    List<String> whole = Texts.read(text, sample.format(), ColumnNames.COMMON);
    byte[] gzip = Texts.gzip(text);
    byte[] zstd = Texts.zstd(text);
    for (int length = 0; length < text.length; length++) {
      readOrRefused(Arrays.copyOf(text, length), TextFormat.AUTO);
      List<String> read = readOrRefused(Arrays.copyOf(text, length), sample.format());
      if (read != null) {
        // The last one may end in the middle of an id, which no reader can know.
        List<String> sure = read.subList(0, read.size() - 1);
        assertEquals(whole.subList(0, sure.size()), sure);
      }
    }
    for (byte[] packed : List.of(gzip, zstd)) {
      for (int length = 4; length < packed.length; length++) {
        byte[] cut = Arrays.copyOf(packed, length);
        InteractionFormatException refusal =
            assertThrows(
                InteractionFormatException.class,
                () -> Texts.read(cut, sample.format(), ColumnNames.COMMON));
        assertTrue(refusal.getMessage().contains("data"), refusal.getMessage());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void randomFlips(TextFormatsTest.Sample sample) throws IOException {
    byte[] text = Texts.bytes(sample.text());
    byte[] gzip = Texts.gzip(text);
    byte[] zstd = Texts.zstd(text);
    List<String> whole = Texts.read(text, sample.format(), ColumnNames.COMMON);
    for (long seed : new long[] {1, FRESH_SEED}) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < FLIPS; i++) {
        byte[] flipped = flip(text, random);
        String message = "seed " + seed + ": " + Arrays.toString(flipped);
        List<String> read = readOrRefused(flipped, sample.format());
        long expected = interactions(flipped, sample.format());
        if (read != null && expected >= 0) {
          assertEquals(expected, read.size(), message);
        }
        readOrRefused(flipped, TextFormat.AUTO);
        List<String> unpacked = readOrRefused(flip(gzip, random), sample.format());
        assertTrue(unpacked == null || unpacked.equals(whole), message);
        readOrRefused(flip(zstd, random), sample.format());
      }
    }
  }

  private static byte[] flip(byte[] bytes, SplittableRandom random) {
    byte[] flipped = bytes.clone();
    for (int flips = 1 + random.nextInt(2); flips > 0; flips--) {
      flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  /** How many interactions a text holds by plain counting, -1 if quotes make that wrong. */
  private static long interactions(byte[] bytes, TextFormat format) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<String> lines =
        Arrays.stream(text.split("[\r\n]", -1)).filter(line -> !line.isBlank()).toList();
    return switch (format) {
      case LINES ->
          lines.stream().mapToLong(line -> line.strip().split("[ \t]+", -1).length - 1).sum();
      case JSONL, MOVIELENS_DAT, MOVIELENS_TAB -> lines.size();
      case MOVIELENS_CSV, CSV, TSV, RECBOLE ->
          text.indexOf('"') >= 0
              ? -1
              : lines.size() - (lines.getFirst().matches("[0-9., ]+") ? 0 : 1);
      case AUTO -> throw new AssertionError(format);
    };
  }

  /** A gigabyte that repeats a few bytes behind a beginning, made while it is read. */
  private static final class Endless extends InputStream {
    private static final long BYTES = 1L << 30;

    private final byte[] begin;
    private final byte[] again;
    private long position;

    Endless(String begin, String again) {
      this.begin = Texts.bytes(begin);
      this.again = Texts.bytes(again);
    }

    @Override
    public int read() {
      if (position >= BYTES) {
        return -1;
      }
      long at = position++;
      return at < begin.length
          ? begin[(int) at]
          : again[(int) ((at - begin.length) % again.length)];
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int count = (int) Math.min(length, BYTES - position);
      for (int i = 0; i < count; i++) {
        target[offset + i] = (byte) read();
      }
      return count == 0 ? -1 : count;
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "LINES, 1, ` 2`, is longer than 16777216 bytes",
        "LINES, 1, 2, is too large for an id",
        "CSV, `userId,itemId\n`, x, is longer than 1048576 bytes",
        "CSV, `userId,itemId\n`, `1,`, is longer than 1048576 bytes",
        "CSV, `userId,itemId\n1,\"`, `a\n`, is longer than 1048576 bytes",
        "MOVIELENS_DAT, 1::2, 3, is longer than 1048576 bytes",
        "JSONL, `{\"user\":\"`, `\\\\`, no key of user and item",
        "JSONL, `{\"user\":1,\"item\":2}\n{\"user\":\"`, x, is longer than 1048576 bytes",
        "JSONL, `{\"user\":1,\"item\":2}\n{\"a\":`, `[`, is longer than 1048576 bytes",
      })
  void aLineOfAGigabyteIsRefusedEarly(
      TextFormat format, String begin, String again, String message) {
    Endless text = new Endless(begin, again);
    InteractionFormatException refusal =
        assertThrows(
            InteractionFormatException.class,
            () -> Texts.read(text, format, ColumnNames.COMMON, CleaningOptions.NONE));
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    assertTrue(text.position < 1 << 25, text.position + " bytes were read");
  }

  @Test
  void randomBytesAreRefusedOrRead() throws IOException {
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 600; i++) {
      byte[] bytes = new byte[1 + random.nextInt(200)];
      String alphabet = "0123456789::,,\t\t\n\r \"\\{}[]au;|.-\0\u00ff";
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      for (TextFormat format : TextFormat.values()) {
        readOrRefused(bytes, format);
      }
    }
  }
}
