package org.concertina.interaction;

import static org.concertina.interaction.InteractionFiles.gzip;
import static org.concertina.interaction.InteractionFiles.text;
import static org.concertina.interaction.InteractionFiles.write;
import static org.concertina.interaction.InteractionFiles.writeBytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InteractionReaderTest {
  @TempDir private Path dir;

  @Test
  void indexesUsersByIdAndItemsByTrainingPopularity() throws IOException {
    write(dir, "train.txt", "30 500 7\n10 500 9\n20 9 500\n");
    write(dir, "valid.txt", "10 7\n20 7\n40 7\n");
    write(dir, "test.txt", "30 3\n20 1\n");
    try (InteractionData data = InteractionReader.read(dir, ReadOptions.defaults())) {
      assertArrayEquals(new int[] {10, 20, 30, 40}, data.userIds());
      // In training: 500 three times, 9 twice, 7 once; 1 and 3 never, by ascending id.
      assertArrayEquals(new int[] {500, 9, 7, 1, 3}, data.itemIds());
      assertEquals(4, data.users());
      assertEquals(5, data.items());
      int[] popularity = {3, 2, 1, 0, 0};
      for (int item = 0; item < popularity.length; item++) {
        assertEquals(popularity[item], data.popularity(item));
        assertEquals(item, data.itemIndex(data.itemId(item)));
      }
      assertEquals(3, data.userIndex(40));
      assertEquals("10: 500 9\n20: 500 9\n30: 500 7\n", text(data, data.train()));
      assertEquals("10: 7\n20: 7\n40: 7\n", text(data, data.validation()));
      assertEquals("20: 1\n30: 3\n", text(data, data.test()));
      assertEquals(new ReadReport(4, 5, 6, 3, 2, 0, 0, 1, 2), data.report());
      assertTrue(data.report().summary().contains("4 users x 5 items, 6 training"));
      assertTrue(data.report().summary().contains("2 items without training users"));
    }
  }

  @Test
  void unknownIdsHaveNoIndex() throws IOException {
    write(dir, "train.txt", "1 2147483646\n2147483646 0\n");
    try (InteractionData data = InteractionReader.read(dir, ReadOptions.defaults())) {
      assertEquals(1, data.userIndex(Integer.MAX_VALUE - 1));
      assertEquals(1, data.itemIndex(Integer.MAX_VALUE - 1));
      for (long id : new long[] {-1, 3, Integer.MAX_VALUE, 1L << 32, Long.MIN_VALUE}) {
        assertEquals(-1, data.userIndex(id));
        assertEquals(-1, data.itemIndex(id));
      }
      assertEquals(-1, data.userIndex(0));
      assertEquals(-1, data.itemIndex(1));
    }
  }

  @Test
  void matrixGivesRowsAndMembership() throws IOException {
    write(dir, "train.txt", "0 1 2 3\n1 2 3\n2 3 9\n3\n");
    try (InteractionData data = InteractionReader.read(dir, ReadOptions.defaults())) {
      InteractionMatrix train = data.train();
      assertEquals(4, train.users());
      assertEquals(4, train.items());
      assertEquals(7, train.size());
      assertEquals(0, train.degree(3));
      assertEquals(3, train.maxDegree());
      int[] row = new int[3];
      assertEquals(2, train.copyRow(2, row));
      // Popularity order is 3, 2, 1, 9.
      assertEquals(0, row[0]);
      assertEquals(3, row[1]);
      assertTrue(train.contains(2, 3));
      assertFalse(train.contains(2, 1));
      assertFalse(train.contains(3, 0));
      assertFalse(train.contains(0, -1));
      assertFalse(train.contains(0, 4));
      assertThrows(IndexOutOfBoundsException.class, () -> train.end(4));
      assertThrows(IndexOutOfBoundsException.class, () -> train.itemAt(7));
      assertEquals(5 * Long.BYTES, train.rowPointers().byteSize());
      assertEquals(7 * Integer.BYTES, train.itemIndices().byteSize());
      assertThrows(
          IllegalArgumentException.class,
          () -> InteractionMatrix.view(4, train.rowPointers(), train.itemIndices().asSlice(4)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 10 11 12\n2 10\n",
        "1 10 11 12\n2 10",
        "1 10 11 12\r\n2 10\r\n",
        "1 10 11 12\r2 10\r",
        "\n\n  1\t10 11  12 \t \n\r\n \n 2 10   ",
        "2 10\n1 12\n1 10 11\n",
        "2 10\n1 12 11\n2\n1 10\n",
        "0000000001 010 011 012\n2 10\n",
      })
  void formsOfTheSameContent(String form) throws IOException {
    write(dir, "train.txt", form);
    assertReadsAsReference();
    Files.delete(dir.resolve("train.txt"));
    writeBytes(dir, "train.txt.gz", gzip(form));
    assertReadsAsReference();
  }

  private void assertReadsAsReference() throws IOException {
    Path reference = Files.createDirectories(dir.resolve("reference"));
    write(reference, "train.txt", "1 10 11 12\n2 10\n");
    try (InteractionData expected = InteractionReader.read(reference, ReadOptions.defaults());
        InteractionData data = InteractionReader.read(dir, ReadOptions.defaults())) {
      assertEquals("1: 10 11 12\n2: 10\n", text(data, data.train()));
      assertEquals(0, data.validation().size());
      assertEquals(0, data.test().size());
      assertEquals(2, data.test().users());
      assertEquals(expected.dataHash(), data.dataHash());
      assertEquals(expected.report(), data.report());
    }
  }

  @Test
  void gzipIsToldByItsContentNotItsName() throws IOException {
    writeBytes(dir, "train.txt", gzip("1 10 11\n"));
    write(dir, "test.txt.gz", "1 12\n");
    try (InteractionData data = InteractionReader.read(dir, ReadOptions.defaults())) {
      assertEquals("1: 10 11\n", text(data, data.train()));
      assertEquals("1: 12\n", text(data, data.test()));
    }
  }

  @Test
  void severalGzipMembersAreOneText() throws IOException {
    byte[] first = gzip("1 10 1");
    byte[] second = gzip("1\n2 10\n");
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    writeBytes(dir, "train.txt.gz", both);
    try (InteractionData data = InteractionReader.read(dir, ReadOptions.defaults())) {
      assertEquals("1: 10 11\n2: 10\n", text(data, data.train()));
    }
  }

  @Test
  void dropsAndCountsDuplicatesAndOverlaps() throws IOException {
    write(dir, "train.txt", "1 5 5 6\n1 6 5\n2 5\n");
    write(dir, "valid.txt", "1 7 5\n2 6 6\n");
    write(dir, "test.txt", "1 7 6 8\n2 5 9\n");
    try (InteractionData data = InteractionReader.read(dir, ReadOptions.defaults())) {
      assertEquals("1: 5 6\n2: 5\n", text(data, data.train()));
      assertEquals("1: 7\n2: 6\n", text(data, data.validation()));
      assertEquals("1: 8\n2: 9\n", text(data, data.test()));
      // Duplicates: 5, 6 and 5 again in training, 6 in validation. Overlaps: 1-5 in validation,
      // 1-7, 1-6 and 2-5 in test.
      assertEquals(4, data.report().duplicatesDropped());
      assertEquals(4, data.report().overlapsDropped());
    }
  }

  @Test
  void dataHashFollowsTheContentAlone() throws IOException {
    write(dir, "train.txt", "1 5 6 7 8 9\n2 5\n");
    long hash = hash(ReadOptions.defaults());
    assertEquals(hash, hash(ReadOptions.defaults().withSeed(9).withValidationShare(0.5)));
    write(dir, "train.txt", "2 5 5\n1 9 8 7 6 5\n");
    assertEquals(hash, hash(ReadOptions.defaults()));
    write(dir, "train.txt", "1 5 6 7 8 9\n2 6\n");
    assertNotEquals(hash, hash(ReadOptions.defaults()));
    write(dir, "train.txt", "1 5 6 7 8 9\n2 5\n3\n");
    assertNotEquals(hash, hash(ReadOptions.defaults()));
    write(dir, "train.txt", "1 5 6 7 8 9\n2 5\n");
    write(dir, "test.txt", "2 6\n");
    long withTest = hash(ReadOptions.defaults());
    assertNotEquals(hash, withTest);
    Files.move(dir.resolve("test.txt"), dir.resolve("valid.txt"));
    assertNotEquals(withTest, hash(ReadOptions.defaults()));
  }

  private long hash(ReadOptions options) throws IOException {
    try (InteractionData data = InteractionReader.read(dir, options)) {
      return data.dataHash();
    }
  }

  @Test
  void everyByteIsCountedAndGivenBack() throws IOException {
    write(dir, "train.txt", "1 5 6 7 8 9\n2 5\n");
    MemoryCap cap = MemoryCap.ofBytes(1 << 20);
    InteractionData data = InteractionFiles.read(dir, cap);
    InteractionMatrix train = data.train();
    assertTrue(cap.usedBytes() > 0 && cap.usedBytes() < 1 << 12);
    data.close();
    assertEquals(0, cap.usedBytes());
    assertThrows(IllegalStateException.class, () -> train.itemAt(0));

    // All but the first allocation, a chunk of 512 KiB, are small.
    for (long limit = 1 << 19; limit < cap.peakBytes(); limit += 4) {
      MemoryCap tooSmall = MemoryCap.ofBytes(limit);
      assertThrows(
          MemoryCapExceededException.class, () -> InteractionFiles.read(dir, tooSmall).close());
      assertEquals(0, tooSmall.usedBytes());
    }
  }

  @Test
  void longLinesAndManyChunks() throws IOException {
    StringBuilder train = new StringBuilder("7");
    for (int item = 0; item < 200_000; item++) {
      train.append(' ').append(item * 10_000L);
    }
    write(dir, "train.txt", train + "\n8 0\n");
    ReadOptions options = ReadOptions.defaults().withValidationShare(0);
    try (InteractionData data = InteractionReader.read(dir, options)) {
      assertEquals(200_000, data.train().degree(0));
      assertEquals(0, data.itemId(0));
      for (int item = 1; item < data.items(); item++) {
        assertEquals(item * 10_000, data.itemId(data.train().itemAt(item)));
      }
    }
  }
}
