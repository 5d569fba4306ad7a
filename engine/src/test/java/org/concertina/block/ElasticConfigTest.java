package org.concertina.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElasticConfigTest {
  private static final BlockShape SHAPE = BlockShape.of(16, 4);

  @Test
  void fullKeepsEverything() {
    ElasticConfig config = ElasticConfig.full(SHAPE, 3);
    assertEquals(3, config.groups());
    for (int g = 0; g < 3; g++) {
      assertEquals(new BlockChoice(0b1111, Precision.FP32), config.choice(g));
    }
    assertEquals(config, ElasticConfig.uniform(SHAPE, 3, 4, Precision.FP32));
  }

  @Test
  void oneChoiceChangesInACopy() {
    ElasticConfig config = ElasticConfig.uniform(SHAPE, 3, 2, Precision.INT8);
    BlockChoice other = new BlockChoice(0b1010, Precision.FP32);
    ElasticConfig changed = config.withChoice(1, other);
    assertEquals(other, changed.choice(1));
    assertEquals(config.choice(0), changed.choice(0));
    assertEquals(config.choice(2), changed.choice(2));
    assertEquals(BlockChoice.prefix(2, Precision.INT8), config.choice(1));
    assertThrows(IndexOutOfBoundsException.class, () -> config.withChoice(3, other));
    assertThrows(IndexOutOfBoundsException.class, () -> config.withChoice(-1, other));
  }

  @Test
  void choicesAreCopied() {
    List<BlockChoice> choices = new ArrayList<>();
    choices.add(BlockChoice.prefix(1, Precision.FP32));
    ElasticConfig config = new ElasticConfig(SHAPE, choices);
    choices.clear();
    assertEquals(1, config.groups());
    assertThrows(UnsupportedOperationException.class, () -> config.choices().remove(0));
  }

  @Test
  void droppedGroupsCoverNothing() {
    BlockChoice kept = BlockChoice.prefix(2, Precision.INT8);
    ElasticConfig config =
        new ElasticConfig(SHAPE, List.of(kept, BlockChoice.DROPPED, kept, BlockChoice.DROPPED));
    assertEquals(BitSet.valueOf(new long[] {0b1010}), config.dropped());
    assertEquals(List.of(Precision.INT8), config.precisions());
    assertEquals(0.4, config.coverage(Groups.ofStarts(0, 3, 5, 6, 10)));
    ElasticConfig all = ElasticConfig.full(SHAPE, 4);
    assertEquals(1, all.coverage(Groups.ofStarts(0, 3, 5, 6, 10)));
    assertTrue(all.dropped().isEmpty());
    assertThrows(
        IllegalArgumentException.class,
        () -> new ElasticConfig(SHAPE, List.of(BlockChoice.DROPPED, BlockChoice.DROPPED)));
  }

  @Test
  void validates() {
    assertThrows(IllegalArgumentException.class, () -> new ElasticConfig(SHAPE, List.of()));
    assertThrows(IllegalArgumentException.class, () -> ElasticConfig.full(SHAPE, 0));
    BlockChoice outside = new BlockChoice(0b1_0000, Precision.FP32);
    assertThrows(IllegalArgumentException.class, () -> new ElasticConfig(SHAPE, List.of(outside)));
    assertThrows(
        IllegalArgumentException.class, () -> ElasticConfig.uniform(SHAPE, 1, 5, Precision.FP32));
  }
}
