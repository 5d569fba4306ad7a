package org.concertina.interaction;

import static org.concertina.interaction.InteractionFiles.gzip;
import static org.concertina.interaction.InteractionFiles.text;
import static org.concertina.interaction.InteractionFiles.writeBytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files cut and changed at random: each is a named error or is read as a plain parser reads it. */
class InteractionReaderRandomizedTest {
  private static final ReadOptions ALL_FOR_TRAINING =
      ReadOptions.defaults().withValidationShare(0);

  @TempDir private Path dir;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void readsWhatAPlainParserReads(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 30; round++) {
      String text = randomText(random, 1 + random.nextInt(60));
      writeBytes(dir, "train.txt", random.nextBoolean() ? gzip(text) : bytes(text));
      assertEquals(reference(text), read());
    }
  }

  @Test
  void plainFileCutAtEveryByte() throws IOException {
    String text = randomText(new SplittableRandom(6), 12);
    for (int length = 0; length < text.length(); length++) {
      String cut = text.substring(0, length);
      writeBytes(dir, "train.txt", bytes(cut));
      assertEquals(reference(cut), read(), cut);
    }
  }

  @Test
  void gzipCutAtEveryByte() throws IOException {
    byte[] whole = gzip(randomText(new SplittableRandom(7), 40));
    for (int length = 0; length < whole.length; length++) {
      writeBytes(dir, "train.txt.gz", Arrays.copyOf(whole, length));
      assertEquals(Optional.empty(), read(), "cut at " + length);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void plainFileWithFlippedBits(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      byte[] bytes = bytes(randomText(random, 8));
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      writeBytes(dir, "train.txt", bytes);
      assertEquals(reference(new String(bytes, StandardCharsets.ISO_8859_1)), read());
    }
  }

  @Test
  void gzipWithEachBitFlipped() throws IOException {
    String text = randomText(new SplittableRandom(8), 8);
    byte[] whole = gzip(text);
    Optional<String> right = reference(text);
    int survived = 0;
    for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
      writeBytes(dir, "train.txt.gz", flipped);
      Optional<String> read = read();
      assertTrue(read.isEmpty() || read.equals(right), "bit " + bit);
      survived += read.isPresent() ? 1 : 0;
    }
    // Time stamp, extra flags and operating system in the header say nothing of the content.
    assertTrue(survived <= 64, survived + " flips survived");
  }

  /** The training pairs by external id, or nothing if the file was refused by name. */
  private Optional<String> read() throws IOException {
    MemoryCap cap = MemoryCap.unlimited();
    Optional<String> result;
    try (InteractionData data = InteractionReader.read(dir, ALL_FOR_TRAINING.withCap(cap))) {
      result = Optional.of(sortedRows(text(data, data.train())));
    } catch (InteractionFormatException e) {
      result = Optional.empty();
    }
    assertEquals(0, cap.usedBytes());
    return result;
  }

  private static String sortedRows(String text) {
    return rows(text.replace(":", "")).orElseThrow().toString();
  }

  private static Optional<String> reference(String text) {
    return rows(text).filter(rows -> !rows.isEmpty()).map(Map::toString);
  }

  private static Optional<NavigableMap<Integer, Set<Integer>>> rows(String text) {
    NavigableMap<Integer, Set<Integer>> rows = new TreeMap<>();
    for (String line : text.split("[\r\n]", -1)) {
      String[] tokens = line.replaceAll("^[ \t]+", "").split("[ \t]+", 0);
      if (tokens[0].isEmpty()) {
        continue;
      }
      for (String token : tokens) {
        if (!token.matches("[0-9]{1,32}")
            || new BigInteger(token).bitLength() > 31
            || Long.parseLong(token) > Integer.MAX_VALUE - 1L) {
          return Optional.empty();
        }
      }
      for (int i = 1; i < tokens.length; i++) {
        rows.computeIfAbsent(Integer.valueOf(tokens[0]), user -> new TreeSet<>())
            .add(Integer.valueOf(tokens[i]));
      }
    }
    return Optional.of(rows);
  }

  private static String randomText(SplittableRandom random, int lines) {
    String[] separators = {" ", " ", " ", "\t", "  "};
    String[] ends = {"\n", "\n", "\r\n", " \n", "\n\n", "\r"};
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < lines; line++) {
      text.append(random.nextInt(50));
      int items = random.nextInt(12);
      for (int i = 0; i < items; i++) {
        text.append(separators[random.nextInt(separators.length)]);
        text.append(random.nextInt(8) == 0 ? random.nextInt(1 << 30) : random.nextInt(100));
      }
      text.append(ends[random.nextInt(ends.length)]);
    }
    return text.append("1 2\n").toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
