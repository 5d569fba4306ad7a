package org.concertina.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArtifactLayoutTest {
  /** 3 groups of 5, 16 and 17 items; 12 floats a row in 4 blocks of 3. */
  @Test
  void bytesOfASmallArtifactCountedByHand() {
    BlockShape shape = BlockShape.of(12, 4);
    ArtifactLayout layout = new ArtifactLayout(Groups.ofStarts(0, 5, 21, 38), shape, 100);
    assertEquals(256, layout.directoryOffsetBytes());
    assertEquals(256 + 3 * 64, layout.rowsOffsetBytes());
    assertEquals(1, layout.tileCount(0));
    assertEquals(1, layout.tileCount(1));
    assertEquals(2, layout.tileCount(2));
    BlockChoice all = BlockChoice.prefix(4, Precision.FP32);
    BlockChoice two = new BlockChoice(0b1010, Precision.INT8);
    BlockChoice one = new BlockChoice(0b0100, Precision.INT8);
    // 16 rows x 12 dims x 4 bytes.
    assertEquals(768, layout.groupBytes(0, all));
    // 16 rows x 6 dims x 1 byte = 96, aligned.
    assertEquals(128, layout.groupBytes(1, two));
    // 32 rows x 3 dims x 1 byte = 96, aligned.
    assertEquals(128, layout.groupBytes(2, one));
    // 32 rows x 3 words of 2 bytes, for 9 of 12 codes each = 192.
    assertEquals(192, layout.groupBytes(2, BlockChoice.prefix(3, Precision.INT4)));
    // 16 rows x 1 word of 2 bytes, for 3 of 4 codes = 32, aligned.
    assertEquals(64, layout.groupBytes(0, BlockChoice.prefix(1, Precision.INT4)));
    ElasticConfig config = new ElasticConfig(shape, List.of(all, two, one));
    assertEquals(768 + 128 + 128, layout.rowsBytes(config));
    assertEquals(448 + 1_024 + 128, layout.fileBytes(config));
    assertEquals(38 * 12 * 4, layout.fullTableBytes());
  }

  @Test
  void aPriorTakesAByteARowOfEveryTile() {
    BlockShape shape = BlockShape.of(12, 4);
    Groups groups = Groups.ofStarts(0, 5, 21, 100);
    ArtifactLayout layout =
        new ArtifactLayout(groups, shape, IdBytes.fixed(100), CodedPriors.all(3));
    ArtifactLayout without = new ArtifactLayout(groups, shape, 100);
    BlockChoice choice = new BlockChoice(0b1010, Precision.INT8);
    // 5 rows in a tile of 16, 79 rows in 5 tiles.
    assertEquals(64, layout.priorBytes(0));
    assertEquals(128, layout.priorBytes(2));
    assertEquals(0, without.priorBytes(2));
    assertEquals(128 + 64, layout.groupBytes(1, choice));
    assertEquals(128, layout.tilesBytes(1, choice));
    assertEquals(128, without.groupBytes(1, choice));
    ElasticConfig config = ElasticConfig.full(shape, 3);
    assertEquals(without.fileBytes(config) + 64 + 64 + 128, layout.fileBytes(config));
    assertEquals(without.fullTableBytes(), layout.fullTableBytes());
  }

  @Test
  void aDroppedGroupTakesNothingButItsEntry() {
    BlockShape shape = BlockShape.of(12, 4);
    Groups groups = Groups.ofStarts(0, 5, 21, 100);
    IdBytes ids = IdBytes.ofGroups(24, 8, 40, 200);
    ArtifactLayout layout = new ArtifactLayout(groups, shape, ids, CodedPriors.all(3));
    ElasticConfig all = ElasticConfig.full(shape, 3);
    ElasticConfig dropped = all.withChoice(2, BlockChoice.DROPPED);
    assertEquals(0, layout.groupBytes(2, BlockChoice.DROPPED));
    assertEquals(272, ids.bytes(all));
    assertEquals(272, ids.allBytes());
    assertEquals(72, ids.bytes(dropped));
    // 79 rows: 5 tiles of 16 x 12 floats, 128 bytes of priors, and 320 - 128 bytes of padded ids.
    assertEquals(5 * 768 + 128 + 192, layout.fileBytes(all) - layout.fileBytes(dropped));
    assertEquals(layout.fullTableBytes(), 100 * 12 * 4);
    assertThrows(IllegalArgumentException.class, () -> IdBytes.ofGroups(8, 1, -1));
  }

  @Test
  void bytesBeyondTwoToThe31AreExact() {
    int items = 100_000_000;
    BlockShape shape = BlockShape.of(256, 64);
    ArtifactLayout layout = new ArtifactLayout(Groups.ofStarts(0, items), shape, 1L << 33);
    ElasticConfig config = ElasticConfig.full(shape, 1);
    assertEquals(102_400_000_000L, layout.fullTableBytes());
    assertEquals(102_400_000_000L, layout.rowsBytes(config));
    assertEquals(320 + 102_400_000_000L + 8_589_934_592L, layout.fileBytes(config));
    ArtifactLayout largest =
        new ArtifactLayout(Groups.ofStarts(0, Integer.MAX_VALUE), BlockShape.of(1, 1), 0);
    assertEquals(1 << 27, largest.tileCount(0));
    assertEquals(1L << 31, largest.groupBytes(0, BlockChoice.prefix(1, Precision.INT8)));
    assertEquals(1L << 32, largest.groupBytes(0, BlockChoice.prefix(1, Precision.INT4)));
  }

  @Test
  void sectionsAreAligned() {
    assertEquals(0, ArtifactLayout.align(0));
    assertEquals(64, ArtifactLayout.align(1));
    assertEquals(64, ArtifactLayout.align(64));
    assertEquals(128, ArtifactLayout.align(65));
    for (int count = 1; count < 40; count++) {
      ArtifactLayout layout =
          new ArtifactLayout(Groups.equalCount(1_000, count), BlockShape.of(7, 7), 13);
      assertEquals(0, layout.rowsOffsetBytes() % 64);
      for (int g = 0; g < count; g++) {
        for (int blocks = 1; blocks <= 7; blocks++) {
          for (Precision precision : Precision.values()) {
            BlockChoice choice = BlockChoice.prefix(blocks, precision);
            assertEquals(0, layout.groupBytes(g, choice) % 64);
          }
        }
      }
    }
  }

  @Test
  void validates() {
    BlockShape shape = BlockShape.of(8, 2);
    Groups groups = Groups.equalCount(10, 2);
    assertThrows(IllegalArgumentException.class, () -> new ArtifactLayout(groups, shape, -1));
    ArtifactLayout layout = new ArtifactLayout(groups, shape, 0);
    assertThrows(
        IllegalArgumentException.class, () -> layout.rowsBytes(ElasticConfig.full(shape, 3)));
    assertThrows(
        IllegalArgumentException.class,
        () -> layout.fileBytes(ElasticConfig.full(BlockShape.of(8, 4), 2)));
  }
}
