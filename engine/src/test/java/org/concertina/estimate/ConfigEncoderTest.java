package org.concertina.estimate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.junit.jupiter.api.Test;

class ConfigEncoderTest {
  private static final BlockShape SHAPE = new BlockShape(3, 8);
  private static final ElasticConfig CONFIG =
      new ElasticConfig(
          SHAPE,
          List.of(new BlockChoice(0b101, Precision.INT8), BlockChoice.prefix(2, Precision.FP32)));

  @Test
  void blockBitsThenPrecisionBits() {
    ConfigEncoder encoder = new ConfigEncoder(SHAPE, 2, List.of(Precision.INT8, Precision.FP32));
    assertEquals(8, encoder.width());
    assertArrayEquals(new float[] {1, 0, 1, 1, 1, 1, 0, 0}, encoder.dense(CONFIG));
    assertArrayEquals(new int[] {0, 2, 3, 4, 5}, encoder.active(CONFIG));
  }

  @Test
  void everyPrecisionBeyondTheWidestHasABit() {
    ConfigEncoder encoder =
        new ConfigEncoder(SHAPE, 2, List.of(Precision.INT4, Precision.FP32, Precision.INT8));
    assertEquals(10, encoder.width());
    assertEquals(0b01_001, encoder.groupMask(BlockChoice.prefix(1, Precision.INT8)));
    assertEquals(0b10_001, encoder.groupMask(BlockChoice.prefix(1, Precision.INT4)));
    assertEquals(0b00_001, encoder.groupMask(BlockChoice.prefix(1, Precision.FP32)));
  }

  @Test
  void aDroppedGroupHasABitOfItsOwn() {
    List<Precision> precisions = List.of(Precision.INT8, Precision.FP32);
    ConfigEncoder encoder = new ConfigEncoder(SHAPE, 2, precisions, true);
    assertEquals(10, encoder.width());
    assertArrayEquals(new float[] {1, 0, 1, 1, 0, 1, 1, 0, 0, 0}, encoder.dense(CONFIG));
    assertArrayEquals(
        new float[] {1, 0, 1, 1, 0, 0, 0, 0, 0, 1},
        encoder.dense(CONFIG.withChoice(1, BlockChoice.DROPPED)));
    ConfigEncoder without = new ConfigEncoder(SHAPE, 2, precisions);
    assertThrows(IllegalArgumentException.class, () -> without.groupMask(BlockChoice.DROPPED));
    BlockShape most = new BlockShape(63, 1);
    assertEquals(64, new ConfigEncoder(most, 1, precisions).groupWidth());
    assertThrows(
        IllegalArgumentException.class, () -> new ConfigEncoder(most, 1, precisions, true));
  }

  @Test
  void onePrecisionNeedsNoBit() {
    ConfigEncoder encoder = new ConfigEncoder(SHAPE, 2, List.of(Precision.INT8));
    assertEquals(6, encoder.width());
    assertArrayEquals(
        new int[] {0, 3, 4, 5},
        encoder.active(
            new ElasticConfig(
                SHAPE,
                List.of(
                    BlockChoice.prefix(1, Precision.INT8),
                    BlockChoice.prefix(3, Precision.INT8)))));
  }

  @Test
  void rejectsWhatItDoesNotKnow() {
    ConfigEncoder narrow = new ConfigEncoder(SHAPE, 2, List.of(Precision.FP32));
    assertThrows(IllegalArgumentException.class, () -> narrow.active(CONFIG));
    ConfigEncoder longer = new ConfigEncoder(SHAPE, 3, List.of(Precision.FP32, Precision.INT8));
    assertThrows(IllegalArgumentException.class, () -> longer.active(CONFIG));
    assertThrows(IllegalArgumentException.class, () -> new ConfigEncoder(SHAPE, 1, List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConfigEncoder(new BlockShape(64, 1), 1, List.of(Precision.FP32, Precision.INT8)));
  }
}
