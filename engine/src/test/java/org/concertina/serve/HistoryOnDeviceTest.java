package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.concertina.TestData;
import org.concertina.artifact.ArtifactWriter;
import org.concertina.artifact.Provenance;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.MemoryCap;
import org.concertina.train.ElasticSchedule;
import org.concertina.train.ModelHeader;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainListener;
import org.concertina.train.TrainedModel;
import org.concertina.train.Trainer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that sums packed rows ranks about as one that is given the model's user vector. */
class HistoryOnDeviceTest {
  private static final int K = 10;

  @TempDir static Path dir;

  private static final TrainConfig CONFIG =
      new TrainConfig(
              BlockShape.of(32, 4),
              4,
              new TrainConfig.Softmax(0.2, 64, 0, true),
              new TrainConfig.Elastic(ElasticSchedule.NESTED, 0.5),
              new TrainConfig.Diversity(0, 1),
              new TrainConfig.Optimizer(0.01, 0.5, 0),
              new TrainConfig.Schedule(10, 256, 10, 1),
              11)
          .withEncoder(TrainConfig.Encoding.HISTORY);

  @BeforeAll
  static void train() throws IOException {
    try (InteractionData data = data();
        WorkerPool pool = new WorkerPool(2)) {
      new Trainer(data, CONFIG, VectorOpsProvider.get(), pool, new TrainListener() {})
          .run(ModelHeader.start("test", data, 0.1, 1, CONFIG), dir.resolve("model"));
    }
  }

  private static InteractionData data() throws IOException {
    Path folder = dir.resolve("data");
    return TestData.synthetic(Files.createDirectories(folder), 200, 150);
  }

  @Test
  void fullRowsGiveTheModelsVector() throws IOException {
    assertOverlap(4, Precision.FP32, 0.999);
  }

  @Test
  void int8RowsGiveNearlyTheModelsVector() throws IOException {
    assertOverlap(4, Precision.INT8, 0.95);
  }

  @Test
  void int4RowsRankClose() throws IOException {
    assertOverlap(4, Precision.INT4, 0.85);
    assertOverlap(2, Precision.INT4, 0.75);
  }

  @Test
  void prefixesRankClose() throws IOException {
    assertOverlap(2, Precision.INT8, 0.8);
    assertOverlap(1, Precision.INT8, 0.7);
  }

  private static void assertOverlap(int blocks, Precision precision, double least)
      throws IOException {
    Path file = dir.resolve("artifact-" + blocks + precision);
    try (InteractionData data = data();
        TrainedModel model = TrainedModel.open(dir.resolve("model"))) {
      ElasticConfig choices = ElasticConfig.full(CONFIG.shape(), CONFIG.groups());
      for (int group = 0; group < CONFIG.groups(); group++) {
        choices = choices.withChoice(group, BlockChoice.prefix(blocks, precision));
      }
      ArtifactWriter.write(
          file,
          model.embeddings().items(),
          null,
          CONFIG.shape(),
          model.rowOrder(),
          choices,
          model.itemIds(),
          new Provenance(1, 2, 3, "test"));
      try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
          Recommender recommender = runtime.newRecommender();
          RowFilter filter = runtime.newRowFilter()) {
        double overlap = overlap(data, model, runtime, recommender, filter);
        assertTrue(overlap >= least, blocks + " " + precision + ": " + overlap);
      }
    }
  }

  private static double overlap(
      InteractionData data,
      TrainedModel model,
      DeviceRuntime runtime,
      Recommender recommender,
      RowFilter filter) {
    InteractionMatrix train = data.train();
    int[] rows = new int[K];
    float[] scores = new float[K];
    double shared = 0;
    for (int user = 0; user < train.users(); user++) {
      int[] history = new int[train.degree(user)];
      train.copyRow(user, history);
      Arrays.setAll(history, i -> data.itemId(history[i]));
      runtime.rowsOfItemIds(history, history.length, history);
      recommender.recommendFromHistory(history, history.length, K, null, rows, scores);
      Set<Integer> fromHistory = new HashSet<>(boxed(rows));
      filter.allowAll();
      for (int row : history) {
        filter.exclude(row);
      }
      recommender.recommend(
          model.embeddings().users().segment(),
          model.embeddings().users().rowOffsetBytes(user),
          K,
          filter,
          rows,
          scores);
      fromHistory.retainAll(boxed(rows));
      shared += (double) fromHistory.size() / K;
    }
    return shared / train.users();
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
