package org.concertina.train;

import org.concertina.block.BlockShape;

/** What the values of a {@link TrainConfig} must hold, alone and together. */
final class ConfigRules {
  private ConfigRules() {}

  /**
   * Checks one value.
   *
   * @throws IllegalArgumentException naming the value and what was expected
   */
  static void check(boolean holds, String name, String expected, Object actual) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": expected " + expected + ", got " + actual);
    }
  }

  /** Checks what the loss {@code bpr} has: plain steps on a user's triples, no batches. */
  static void checkBpr(
      TrainConfig.Objective objective,
      TrainConfig.Elastic elastic,
      TrainConfig.Diversity diversity,
      TrainConfig.Optimizer optimizer,
      TrainConfig.Encoding encoder) {
    check(
        elastic.schedule() == ElasticSchedule.NONE || elastic.schedule() == ElasticSchedule.NESTED,
        "elastic",
        "none or nested with the loss bpr",
        elastic.schedule());
    check(diversity.weight() == 0, "diversity", "0 with the loss bpr", diversity.weight());
    check(
        optimizer.kind() == OptimizerKind.ADAM,
        "optimizer",
        "none with the loss bpr, which takes plain gradient steps",
        optimizer.kind());
    check(
        encoder.kind() == EncoderKind.FACTOR,
        "encoder",
        "factor with the loss bpr",
        encoder.kind());
    check(
        objective.similarity() == Similarity.DOT || optimizer.l2() == 0,
        "l2",
        "0 with bpr on cosines, where rows keep their lengths",
        optimizer.l2());
  }

  /** Checks that rows can be cut into layers. */
  static void checkShape(BlockShape shape, TrainConfig.Encoding encoder) {
    check(shape.dim() % 4 == 0, "dim", "a multiple of 4", shape.dim());
    int parts = encoder.combine() == GraphCombine.CONCAT ? encoder.layers() + 1 : 1;
    check(
        shape.dim() % (4 * parts) == 0,
        "dim",
        "a multiple of 4 * (layers + 1) = " + 4 * parts + " to concatenate layers",
        shape.dim());
  }
}
