package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.concertina.TestData;
import org.concertina.block.BlockShape;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ItemPriorTest {
  private static final double TEMPERATURE = 0.2;
  private static final double BETA = 0.7;

  @TempDir Path dir;

  private static TrainConfig config(double beta) {
    return new TrainConfig(
        BlockShape.of(16, 4),
        4,
        new TrainConfig.Softmax(TEMPERATURE, 64, 0, true, beta),
        new TrainConfig.Elastic(ElasticSchedule.NESTED, 0.5),
        new TrainConfig.Diversity(0, 1),
        new TrainConfig.Optimizer(0.01, 0.5, 0),
        new TrainConfig.Schedule(6, 256, 2, 100),
        5);
  }

  private static double expected(int[] popularity, int item) {
    double largest = Arrays.stream(popularity).max().orElseThrow();
    return TEMPERATURE * BETA * Math.log(Math.max(1, popularity[item]) / largest);
  }

  @Test
  void aModelHoldsThePriorsItWasTrainedWith() throws IOException {
    Path file = dir.resolve("m");
    try (InteractionData data = TestData.synthetic(dir, 200, 150)) {
      TrainerTest.train(data, config(BETA), 2, file, new TrainListener() {});
      int[] popularity = data.train().popularity();
      assertEquals(data.train().size(), Arrays.stream(popularity).sum());
      try (TrainedModel model = TrainedModel.open(file)) {
        MemorySegment prior = model.prior();
        assertEquals(150L * Float.BYTES, prior.byteSize());
        for (int item = 0; item < 150; item++) {
          float actual = prior.getAtIndex(ValueLayout.JAVA_FLOAT, item);
          assertEquals(expected(popularity, item), actual, 1e-6);
          assertTrue(actual <= 0);
        }
      }
      TrainerTest.train(data, config(0), 2, file, new TrainListener() {});
      try (TrainedModel model = TrainedModel.open(file)) {
        assertNull(model.prior());
      }
    }
  }

  @Test
  void modelsThatDifferInPriorsDifferInTheirHash() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150)) {
      Path with = dir.resolve("with");
      TrainerTest.train(data, config(BETA), 1, with, new TrainListener() {});
      try (TrainedModel model = TrainedModel.open(with)) {
        Path without = dir.resolve("without");
        TrainConfig plain = config(0);
        ModelHeader header =
            new ModelHeader("1", 1, 0.1, 1, 200, 150, plain, ModelHeader.Progress.START);
        ModelFile.write(
            without, header, new int[200], model.itemIds(), model.embeddings(), null, null);
        try (TrainedModel other = TrainedModel.open(without)) {
          assertTrue(other.tableHash() != model.tableHash());
        }
      }
    }
  }

  /** Recall@5 of cosine plus prior, written out. */
  @Test
  void theFullTableRanksByCosineAndPrior() throws IOException {
    Path file = dir.resolve("m");
    try (InteractionData data = TestData.synthetic(dir, 120, 90);
        WorkerPool pool = new WorkerPool(2)) {
      TrainerTest.train(data, config(BETA), 2, file, new TrainListener() {});
      try (TrainedModel model = TrainedModel.open(file)) {
        double recall = 0;
        int users = 0;
        for (int user = 0; user < data.users(); user++) {
          if (data.validation().degree(user) > 0) {
            recall += recallAt5(model, data, user);
            users++;
          }
        }
        double actual =
            TableRanking.evaluate(
                    VectorOpsProvider.get(),
                    pool,
                    model.embeddings(),
                    model.prior(),
                    data.validation(),
                    List.of(data.train()),
                    5)
                .getFirst()
                .recall();
        assertTrue(recall > 0);
        assertEquals(recall / users, actual, 1e-9);
      }
    }
  }

  private static double recallAt5(TrainedModel model, InteractionData data, int user) {
    int[] popularity = data.train().popularity();
    InteractionMatrix relevant = data.validation();
    double[] scores = new double[data.items()];
    for (int item = 0; item < scores.length; item++) {
      double dot = 0;
      double userSquared = 0;
      double itemSquared = 0;
      for (int d = 0; d < 16; d++) {
        double h = model.embeddings().users().get(user, d);
        double e = model.embeddings().items().get(item, d);
        dot += h * e;
        userSquared += h * h;
        itemSquared += e * e;
      }
      scores[item] = dot / Math.sqrt(userSquared * itemSquared) + expected(popularity, item);
    }
    long hits =
        IntStream.range(0, scores.length)
            .filter(item -> !data.train().contains(user, item))
            .boxed()
            .sorted(Comparator.comparingDouble((Integer item) -> -scores[item]))
            .limit(5)
            .filter(item -> relevant.contains(user, item))
            .count();
    return (double) hits / relevant.degree(user);
  }

  @Test
  void onlySoftmaxHasAPrior() {
    TrainConfig config = config(BETA);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> config.withObjective(new TrainConfig.Objective(Loss.CCL, 0.2, 20, false)));
    assertTrue(refused.getMessage().contains("popularity prior"), refused.getMessage());
    try (CappedArena arena = CappedArena.unlimited()) {
      assertNull(ItemPrior.of(arena, null, config(0).softmax()));
    }
  }
}
