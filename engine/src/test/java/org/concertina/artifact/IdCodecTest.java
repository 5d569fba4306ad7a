package org.concertina.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.concertina.block.Groups;
import org.concertina.block.RowOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdCodecTest {
  private static final Faults FAULTS = new Faults(Path.of("ids"));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomIdsRoundTrip(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 40; round++) {
      int items = random.nextInt(1, 700);
      Groups groups =
          ArtifactFixture.randomGroups(random, items, random.nextInt(1, Math.min(items, 6) + 1));
      int bits = random.nextInt(11, 32);
      int[] ids =
          random.ints(-(1 << (bits - 1)), (1 << (bits - 1))).distinct().limit(items).toArray();
      assertRoundTrip(groups, ids);
    }
  }

  @Test
  void denseIdsTakeTwoBits() throws Exception {
    int[] ids = new int[6400];
    Arrays.setAll(ids, i -> i * 7 % 6400 + 100);
    Groups groups = Groups.ofStarts(0, 6400);
    assertRoundTrip(groups, ids);
    assertTrue(IdCodec.encodedBytes(RowOrder.byId(groups, ids), ids) <= 8 + 6400 * 2 / 8 + 8);
  }

  @Test
  void twentyGroupsOfADenseCatalogueTakeAboutSixBitsAnId() {
    SplittableRandom random = new SplittableRandom(1);
    int items = 40_000;
    int[] ids = random.ints(0, items * 2).distinct().limit(items).toArray();
    Groups groups = Groups.equalCount(items, 20);
    long bytes = IdCodec.encodedBytes(RowOrder.byId(groups, ids), ids);
    assertTrue(bytes * 8.0 / items < 7.6, "bits an id: " + bytes * 8.0 / items);
  }

  @Test
  void extremeIdsRoundTrip() throws Exception {
    assertRoundTrip(Groups.ofStarts(0, 1), new int[] {Integer.MIN_VALUE});
    assertRoundTrip(Groups.ofStarts(0, 2), new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE});
    assertRoundTrip(Groups.ofStarts(0, 1, 2), new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE});
    assertRoundTrip(Groups.ofStarts(0, 4), new int[] {0, Integer.MAX_VALUE, Integer.MIN_VALUE, -1});
    int[] skewed = new int[1001];
    Arrays.setAll(skewed, i -> i);
    skewed[1000] = Integer.MAX_VALUE;
    assertRoundTrip(Groups.ofStarts(0, 1001), skewed);
  }

  @Test
  void refusesIdsThatAreNotInRowOrder() {
    RowOrder order = RowOrder.byId(Groups.ofStarts(0, 3), new int[] {1, 2, 3});
    assertThrows(
        IllegalArgumentException.class, () -> IdCodec.encodedBytes(order, new int[] {1, 3, 2}));
    assertThrows(
        IllegalArgumentException.class, () -> IdCodec.encodedBytes(order, new int[] {1, 2}));
  }

  @Test
  void refusesAnIdThatTwoGroupsHave() {
    int[] ids = {5, 6, 6, 7};
    RowOrder order = RowOrder.byId(Groups.ofStarts(0, 2, 4), ids);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> IdCodec.encodedBytes(order, ids));
    assertTrue(refused.getMessage().contains("6"), refused.getMessage());
  }

  @Test
  void everyBitOfASectionIsVerified() {
    int[] ids = {9, 14, 20, 3, 77, 21, 400, -5, 12};
    Groups groups = Groups.ofStarts(0, 4, 9);
    RowOrder order = RowOrder.byId(groups, ids);
    int bytes = (int) IdCodec.encodedBytes(order, ids);
    byte[] section = new byte[bytes];
    IdCodec.encode(order, ids, new BitSet(), MemorySegment.ofArray(section), 0);
    int accepted = 0;
    for (int bit = 0; bit < bytes * 8; bit++) {
      byte[] flipped = section.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        IdView view = new IdView(MemorySegment.ofArray(flipped), groups, new BitSet());
        view.verify(bytes, FAULTS);
        accepted++;
        for (int row = 0; row < ids.length; row++) {
          int id = view.idAtRow(row);
          assertEquals(id, view.idAtRow(view.rowOfId(id)));
        }
      } catch (ArtifactCorruptException | IndexOutOfBoundsException refused) {
        assertTrue(refused instanceof ArtifactCorruptException || bit < 128, "bit " + bit);
      }
    }
    // Only other lower bits can make another sound sequence; the checksum is there for those.
    assertTrue(accepted < bytes * 8 / 8, "accepted " + accepted);
  }

  private static void assertRoundTrip(Groups groups, int[] ids) throws Exception {
    RowOrder order = RowOrder.byId(groups, ids);
    long bytes = IdCodec.encodedBytes(order, ids);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment section = arena.allocate(bytes + 8, 8);
      IdCodec.encode(order, ids, new BitSet(), section, 8);
      IdView view = new IdView(section.asSlice(8), groups, new BitSet());
      view.verify(bytes, FAULTS);
      for (int row = 0; row < ids.length; row++) {
        int id = ids[order.itemAtRow(row)];
        assertEquals(id, view.idAtRow(row));
        assertEquals(row, view.rowOfId(id));
      }
      int[] sorted = ids.clone();
      Arrays.sort(sorted);
      for (int id : ids) {
        for (long near = id - 2L; near <= id + 2L; near++) {
          boolean known = near == (int) near && Arrays.binarySearch(sorted, (int) near) >= 0;
          assertEquals(known, view.rowOfId(near) >= 0);
        }
      }
      assertEquals(-1, view.rowOfId(Long.MAX_VALUE));
      assertEquals(-1, view.rowOfId(Long.MIN_VALUE));
      assertThrows(IndexOutOfBoundsException.class, () -> view.idAtRow(ids.length));
      assertThrows(IndexOutOfBoundsException.class, () -> view.idAtRow(-1));
    }
  }
}
