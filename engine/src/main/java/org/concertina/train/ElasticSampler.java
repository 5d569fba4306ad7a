package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.BlockShape;
import org.concertina.kernel.CounterRandom;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/** Draws the block masks of a batch: one row of zeros and ones for every group. Not thread-safe. */
final class ElasticSampler {
  private static final double SMALLEST_SHARE = 0.25;
  private static final double FULL_SHARE = 0.25;

  /** Counters of the draws for the whole batch; group g has 1 + g. */
  private static final long ELASTIC_DRAW = 0;

  private static final long SANDWICH_DRAW = -1;

  private final BlockShape shape;
  private final TrainConfig.Elastic elastic;
  private final FloatTable masks;

  ElasticSampler(CappedArena arena, BlockShape shape, int groups, TrainConfig.Elastic elastic) {
    this.shape = shape;
    this.elastic = elastic;
    this.masks = FloatTable.allocate(arena, groups, shape.dim(), "elastic masks");
  }

  /** Draws the masks of the batch with this key. */
  void draw(long key) {
    boolean elasticBatch = CounterRandom.unit(key, ELASTIC_DRAW) < elastic.probability();
    double layer = CounterRandom.unit(key, SANDWICH_DRAW);
    for (int g = 0; g < masks.rows(); g++) {
      write(g, elasticBatch ? drawMask(key, 1 + g, layer) : shape.fullMask());
    }
  }

  /**
   * Draws the mask of one group.
   *
   * @param layer in [0, 1), the batch's place in the sandwich
   */
  private long drawMask(long key, long counter, double layer) {
    return switch (elastic.schedule()) {
      case NONE -> shape.fullMask();
      case NESTED -> drawPrefix(key, counter);
      case RANDOM -> {
        long mask = 0;
        for (long attempt = 0; mask == 0; attempt++) {
          mask = CounterRandom.bits(key, counter + (attempt << 32)) & shape.fullMask();
        }
        yield mask;
      }
      case SANDWICH -> {
        if (layer < SMALLEST_SHARE) {
          yield 1;
        }
        yield layer < SMALLEST_SHARE + FULL_SHARE ? shape.fullMask() : drawPrefix(key, counter);
      }
    };
  }

  private long drawPrefix(long key, long counter) {
    return -1L >>> (Long.SIZE - 1 - CounterRandom.below(key, counter, shape.blocks()));
  }

  private void write(int group, long mask) {
    long at = masks.rowOffsetBytes(group);
    for (int d = 0; d < shape.dim(); d++) {
      float value = mask >>> (d / shape.blockDim()) & 1;
      masks.segment().set(ValueLayout.JAVA_FLOAT, at + (long) d * Float.BYTES, value);
    }
  }

  MemorySegment segment() {
    return masks.segment();
  }

  long offsetBytes(int group) {
    return masks.rowOffsetBytes(group);
  }
}
