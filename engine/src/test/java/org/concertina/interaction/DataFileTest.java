package org.concertina.interaction;

import static org.concertina.interaction.InteractionFiles.text;
import static org.concertina.interaction.InteractionFiles.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.concertina.memory.CappedArena;
import org.concertina.memory.Checksums;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFileTest {
  @TempDir private Path dir;

  private Path writeFile() throws IOException {
    Path file = dir.resolve("data");
    try (CappedArena arena = CappedArena.unlimited()) {
      CanonicalData data = InteractionReader.readCanonical(dir, arena);
      long bytes = DataFileWriter.write(file, data, "{}", MemoryCap.unlimited());
      assertEquals(Files.size(file), bytes);
    }
    return file;
  }

  private void writeRandomSplits(boolean validation, boolean test, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (String split : new String[] {"train", "valid", "test"}) {
      if (split.equals("train") || (split.equals("valid") ? validation : test)) {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 40; line++) {
          text.append(3 * random.nextInt(50));
          for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(' ').append(2 * random.nextInt(60));
          }
          text.append('\n');
        }
        write(dir, split + ".txt", text.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void holdsWhatTheFolderHolds(int splits) throws IOException {
    writeRandomSplits((splits & 1) != 0, (splits & 2) != 0, splits);
    Path file = writeFile();
    for (double share : new double[] {0, 0.3}) {
      ReadOptions options = ReadOptions.defaults().withValidationShare(share).withSeed(5);
      MemoryCap cap = MemoryCap.unlimited();
      try (InteractionData folder = InteractionReader.read(dir, options);
          InteractionData mapped = InteractionReader.read(file, options.withCap(cap))) {
        assertEquals(folder.dataHash(), mapped.dataHash());
        assertEquals(folder.report(), mapped.report());
        assertArrayEquals(folder.userIds(), mapped.userIds());
        assertArrayEquals(folder.itemIds(), mapped.itemIds());
        assertEquals(text(folder, folder.train()), text(mapped, mapped.train()));
        assertEquals(text(folder, folder.validation()), text(mapped, mapped.validation()));
        assertEquals(text(folder, folder.test()), text(mapped, mapped.test()));
        for (int item = 0; item < folder.items(); item++) {
          assertEquals(folder.popularity(item), mapped.popularity(item));
          assertEquals(item, mapped.itemIndex(folder.itemId(item)));
          assertEquals(Integer.toString(folder.itemId(item)), mapped.itemName(item));
        }
        try (InteractionData merged = mapped.withValidationInTrain()) {
          assertEquals(folder.train().size() + folder.validation().size(), merged.train().size());
        }
      }
      assertEquals(0, cap.usedBytes());
    }
  }

  @Test
  void trainingPairsAreThereByItemToo() throws IOException {
    writeRandomSplits(true, false, 7);
    try (InteractionData data = InteractionReader.read(writeFile(), ReadOptions.defaults())) {
      InteractionMatrix byItem = data.trainByItem().orElseThrow();
      assertEquals(data.train().size(), byItem.size());
      for (int item = 0; item < data.items(); item++) {
        assertEquals(data.popularity(item), byItem.degree(item));
        for (long at = byItem.begin(item); at < byItem.end(item); at++) {
          assertTrue(data.train().contains(byItem.itemAt(at), item));
        }
      }
    }
  }

  @Test
  void theSameDataGivesTheSameBytes() throws IOException {
    writeRandomSplits(true, true, 8);
    byte[] first = Files.readAllBytes(writeFile());
    assertArrayEquals(first, Files.readAllBytes(writeFile()));
    assertFalse(Files.exists(dir.resolve("data.tmp")));
  }

  @Test
  void everyWrongByteIsNoticed() throws IOException {
    write(dir, "train.txt", "1 2 3\n4 3\n");
    write(dir, "valid.txt", "1 5\n");
    Path file = writeFile();
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      Files.write(file, damaged);
      assertTrue(refusal(file).contains("data"), "byte " + at);
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      refusal(file);
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 64));
    assertTrue(refusal(file).contains("bytes long, the header says"));
  }

  @Test
  void wrongIndicesAreNoticedEvenWithTheRightChecksum() throws IOException {
    write(dir, "train.txt", "1 2 3\n4 3\n");
    write(dir, "valid.txt", "1 5\n");
    Path file = writeFile();
    MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(file));
    // The fourth entry of the directory is that of the training items.
    long entry = DataFileFormat.HEADER_BYTES + 3L * DataFileFormat.ENTRY_BYTES;
    long items = bytes.get(DataFileFormat.LONG, entry + 8);
    bytes.set(DataFileFormat.INT, items, 17);
    long size = bytes.get(DataFileFormat.LONG, entry + 16);
    bytes.set(DataFileFormat.INT, entry + 4, Checksums.crc32c(bytes.asSlice(items, size)));
    sign(bytes);
    Files.write(file, bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
    assertTrue(refusal(file).contains("section items of train, row 0"), refusal(file));
  }

  @Test
  void newerVersionsAreNamed() throws IOException {
    write(dir, "train.txt", "1 2 3\n4 3\n");
    Path file = writeFile();
    MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(file));
    bytes.set(DataFileFormat.INT, DataFileFormat.VERSION_AT, 2);
    sign(bytes);
    Files.write(file, bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
    assertTrue(
        refusal(file).contains("data file of format version 2; this engine reads version 1"));
  }

  private static void sign(MemorySegment bytes) {
    long directory =
        DataFileFormat.padded(
            DataFileFormat.HEADER_BYTES
                + (long) bytes.get(DataFileFormat.INT, DataFileFormat.SECTIONS_AT)
                    * DataFileFormat.ENTRY_BYTES);
    bytes.set(
        DataFileFormat.INT,
        DataFileFormat.DIRECTORY_CRC_AT,
        Checksums.crc32c(
            bytes.asSlice(DataFileFormat.HEADER_BYTES, directory - DataFileFormat.HEADER_BYTES)));
    bytes.set(
        DataFileFormat.INT,
        DataFileFormat.HEADER_CRC_AT,
        Checksums.crc32c(bytes.asSlice(0, DataFileFormat.HEADER_CRC_AT)));
  }

  private static String refusal(Path file) {
    MemoryCap cap = MemoryCap.unlimited();
    InteractionFormatException refusal =
        assertThrows(
            InteractionFormatException.class,
            () -> InteractionReader.read(file, ReadOptions.defaults().withCap(cap)).close());
    assertEquals(0, cap.usedBytes());
    assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
    return refusal.getMessage();
  }
}
