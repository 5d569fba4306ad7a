package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.concertina.TestData;
import org.concertina.block.BlockShape;
import org.concertina.interaction.InteractionData;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Flight Recorder sees of a run. */
class TrainEventsTest {
  @TempDir Path dir;

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
  }

  @Test
  void everyEpochBatchAndEvaluationIsAnEvent() throws IOException {
    TrainConfig config =
        new TrainConfig(
            BlockShape.of(16, 4),
            4,
            new TrainConfig.Softmax(0.2, 64, 0, true),
            new TrainConfig.Elastic(ElasticSchedule.NESTED, 0.5),
            new TrainConfig.Diversity(0, 1),
            new TrainConfig.Optimizer(0.01, 0.5, 0),
            new TrainConfig.Schedule(4, 256, 2, 100),
            11);
    Path file = dir.resolve("run.jfr");
    ModelHeader header;
    long pairs;
    try (InteractionData data = TestData.synthetic(dir, 200, 100);
        WorkerPool pool = new WorkerPool(2);
        Recording recording = new Recording()) {
      pairs = data.train().size();
      recording.start();
      ModelHeader blank = ModelHeader.start("test", data, 0.1, 1, config);
      header =
          new Trainer(data, config, VectorOpsProvider.get(), pool, new TrainListener() {})
              .run(blank, dir.resolve("m"));
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    List<RecordedEvent> epochs = named(events, "org.concertina.Epoch");
    List<RecordedEvent> batches = named(events, "org.concertina.Batch");
    List<RecordedEvent> evaluations = named(events, "org.concertina.Evaluation");
    assertEquals(
        List.of(1, 2, 3, 4), epochs.stream().map(e -> e.getInt("number")).sorted().toList());
    for (RecordedEvent epoch : epochs) {
      assertEquals(pairs, epoch.getLong("pairs"));
      assertTrue(epoch.getDouble("pairsPerSecond") > 0);
      List<RecordedEvent> own =
          batches.stream().filter(b -> b.getInt("epoch") == epoch.getInt("number")).toList();
      assertEquals((pairs + 255) / 256, own.size());
      assertEquals(pairs, own.stream().mapToLong(b -> b.getInt("pairs")).sum());
      double loss = own.stream().mapToDouble(b -> b.getDouble("loss") * b.getInt("pairs")).sum();
      assertEquals(epoch.getDouble("meanLoss"), loss / pairs, 1e-9);
      for (RecordedEvent batch : own) {
        assertTrue(batch.getDuration().isPositive(), batch.toString());
        assertTrue(!batch.getStartTime().isBefore(epoch.getStartTime()), batch.toString());
        assertTrue(!batch.getEndTime().isAfter(epoch.getEndTime()), batch.toString());
      }
    }
    assertEquals(2, evaluations.size());
    double best = evaluations.stream().mapToDouble(e -> e.getDouble("ndcgAt20")).max().orElse(0);
    assertEquals(header.progress().bestNdcgAt20(), best);
    assertEquals("valid", evaluations.getFirst().getString("split"));
    assertTrue(evaluations.getFirst().getLong("users") > 0);
    assertEquals(
        List.of("Concertina"), batches.getFirst().getEventType().getCategoryNames().subList(0, 1));
  }
}
