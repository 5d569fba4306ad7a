package org.concertina.interaction;

import static org.concertina.interaction.InteractionFiles.text;
import static org.concertina.interaction.InteractionFiles.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.concertina.TestData;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validation interactions among the training interactions. */
class MergedSplitsTest {
  @TempDir private Path dir;

  @Test
  void givenSplitsAreMergedUnderTheSameIndices() throws IOException {
    write(dir, "train.txt", "1 10 20\n2 20\n5 20 30\n");
    write(dir, "valid.txt", "1 30\n3 40 10\n5 20 10\n");
    write(dir, "test.txt", "2 10\n3 50\n");
    try (InteractionData apart = InteractionReader.read(dir, ReadOptions.defaults());
        InteractionData merged = apart.withValidationInTrain()) {
      // Items by training popularity: 20, then 10 and 30, then 40 and 50, which nobody has.
      assertEquals("1: 20 10 30\n2: 20\n3: 10 40\n5: 20 10 30\n", trained(merged));
      assertEquals(0, merged.validation().size());
      assertEquals(text(apart, apart.test()), text(merged, merged.test()));
      assertArrayEquals(apart.itemIds(), merged.itemIds());
      assertArrayEquals(apart.userIds(), merged.userIds());
      assertEquals(apart.dataHash(), merged.dataHash());
      assertEquals(merged.itemIndex(10), apart.itemIndex(10));
      assertEquals(3, merged.popularity(merged.itemIndex(10)));
      assertEquals(1, apart.popularity(apart.itemIndex(10)));
      assertEquals(new ReadReport(4, 5, 5, 4, 2, 0, 1, 1, 2), apart.report());
      assertEquals(new ReadReport(4, 5, 9, 0, 2, 0, 1, 0, 1), merged.report());
    }
  }

  private static String trained(InteractionData data) {
    return text(data, data.train());
  }

  @Test
  void rowsOfTheUnionAscendAndHaveThePairsOfBoth() throws IOException {
    try (InteractionData apart = TestData.synthetic(dir, 100, 80);
        InteractionData merged = apart.withValidationInTrain()) {
      InteractionMatrix all = merged.train();
      assertEquals(apart.train().size() + apart.validation().size(), all.size());
      for (int user = 0; user < all.users(); user++) {
        for (long p = all.begin(user); p < all.end(user); p++) {
          int item = all.itemAt(p);
          assertTrue(p == all.begin(user) || all.itemAt(p - 1) < item);
          assertTrue(apart.train().contains(user, item) ^ apart.validation().contains(user, item));
        }
      }
    }
  }

  @Test
  void theTwoAreClosedApart() throws IOException {
    MemoryCap cap = MemoryCap.ofBytes(1 << 22);
    write(dir, "train.txt", "1 10 20\n2 20 30\n");
    write(dir, "valid.txt", "2 10\n");
    InteractionData merged;
    try (InteractionData apart = InteractionFiles.read(dir, cap)) {
      merged = apart.withValidationInTrain();
    }
    assertEquals("1: 20 10\n2: 20 10 30\n", trained(merged));
    merged.close();
    assertThrows(IllegalStateException.class, () -> merged.train().begin(0));
    assertEquals(0, cap.usedBytes());
  }

  @Test
  void aCapThatIsTooSmallTakesNothing() throws IOException {
    write(dir, "train.txt", "1 10 20\n2 20 30\n");
    write(dir, "valid.txt", "2 10\n");
    MemoryCap cap = MemoryCap.ofBytes(1 << 22);
    try (InteractionData apart = InteractionFiles.read(dir, cap)) {
      long others = cap.limitBytes() - cap.usedBytes() - 32; // less than three row pointers and all
      cap.reserve(others, "everything else");
      long before = cap.usedBytes();
      assertThrows(MemoryCapExceededException.class, apart::withValidationInTrain);
      assertEquals(before, cap.usedBytes());
      cap.release(others);
    }
    assertEquals(0, cap.usedBytes());
  }
}
