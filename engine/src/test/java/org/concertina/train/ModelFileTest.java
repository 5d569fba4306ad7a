package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.concertina.block.BlockShape;
import org.concertina.memory.CappedArena;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  @TempDir Path dir;
  private Path file;
  private byte[] bytes;

  @BeforeEach
  void write() throws IOException {
    TrainConfig config =
        new TrainConfig(
            BlockShape.of(8, 2),
            2,
            new TrainConfig.Softmax(0.1, 4, 0, true),
            new TrainConfig.Elastic(ElasticSchedule.NESTED, 0.5),
            new TrainConfig.Diversity(0, 1),
            new TrainConfig.Optimizer(0.01, 0.5, 0),
            new TrainConfig.Schedule(1, 16, 1, 1),
            1);
    ModelHeader header = new ModelHeader("1", 42, 0.1, 7, 3, 5, config, ModelHeader.Progress.START);
    file = dir.resolve("model");
    try (CappedArena arena = CappedArena.unlimited()) {
      EmbeddingModel model = EmbeddingModel.allocate(arena, 3, 5, 8);
      model.initialize(1);
      ModelFile.write(file, header, new int[] {2, 5, 9}, new int[] {4, 0, 1, 3, 2}, model, null);
    }
    bytes = Files.readAllBytes(file);
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    try (TrainedModel model = TrainedModel.open(file);
        CappedArena arena = CappedArena.unlimited()) {
      EmbeddingModel expected = EmbeddingModel.allocate(arena, 3, 5, 8);
      expected.initialize(1);
      assertEquals(42, model.header().dataHash());
      assertEquals(7, model.header().splitSeed());
      assertEquals(1, model.userIndex(5));
      assertEquals(-1, model.userIndex(4));
      assertEquals(-1, model.userIndex(1L << 33));
      assertEquals("[4, 0, 1, 3, 2]", Arrays.toString(model.itemIds()));
      assertEquals(expected.items().get(4, 7), model.embeddings().items().get(4, 7));
      assertEquals(expected.users().get(2, 3), model.embeddings().users().get(2, 3));
    }
  }

  @Test
  void everyTruncationIsNamed() throws IOException {
    for (int length = 0; length < bytes.length; length += 1 + length / 40) {
      assertRefused(Arrays.copyOf(bytes, length));
    }
  }

  @Test
  void everyFlippedByteIsNamed() throws IOException {
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 0x10;
      assertRefused(damaged);
    }
  }

  private void assertRefused(byte[] damaged) throws IOException {
    Files.write(file, damaged);
    ModelFormatException refused =
        assertThrows(ModelFormatException.class, () -> TrainedModel.open(file).close());
    assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
  }

  @Test
  void missingFileAndFolderAreNamed() {
    assertThrows(ModelFormatException.class, () -> TrainedModel.open(dir.resolve("no")).close());
    assertThrows(IOException.class, () -> TrainedModel.open(dir).close());
  }

  @Test
  void aFailedWriteLeavesNothing() throws IOException {
    Path inMissingFolder = dir.resolve("missing").resolve("model");
    try (TrainedModel model = TrainedModel.open(file)) {
      assertThrows(
          IOException.class,
          () ->
              ModelFile.write(
                  inMissingFolder,
                  model.header(),
                  new int[3],
                  new int[5],
                  model.embeddings(),
                  null));
    }
    try (var left = Files.list(dir)) {
      assertEquals(1, left.count());
    }
  }
}
