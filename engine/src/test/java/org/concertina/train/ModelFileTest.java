package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.concertina.block.BlockShape;
import org.concertina.memory.CappedArena;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
      ModelFile.write(
          file, header, new int[] {2, 5, 9}, new int[] {4, 0, 1, 3, 2}, model, null, null);
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

  /** Headers written before a field was there have the meaning that they had then. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/config/objective",
        "/config/objective/similarity",
        "/config/encoder",
        "/config/diversity/form",
        "/config/optimizer/kind",
        "/config/softmax/popularityPrior",
        "/refit"
      })
  void aFileOfBeforeOpensAsItWasMeant(String field) throws IOException {
    ModelHeader expected;
    try (TrainedModel model = TrainedModel.open(file)) {
      expected = model.header();
    }
    Files.write(file, withoutField(JsonPointer.compile(field)));
    try (TrainedModel model = TrainedModel.open(file)) {
      assertEquals(expected, model.header());
      assertTrue(model.header().sameRun(expected));
    }
  }

  private byte[] withoutField(JsonPointer field) throws IOException {
    ByteBuffer old = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int jsonBytes = old.getInt(12);
    ObjectMapper mapper = new ObjectMapper();
    JsonNode header = mapper.readTree(bytes, 16, jsonBytes);
    ObjectNode parent = (ObjectNode) header.at(field.head());
    assertNotNull(parent.remove(field.last().getMatchingProperty()), header.toString());
    byte[] json = mapper.writeValueAsBytes(header);
    int body = (16 + jsonBytes + 63) / 64 * 64;
    int start = (16 + json.length + 63) / 64 * 64;
    ByteBuffer out = ByteBuffer.allocate(start + bytes.length - body);
    out.order(ByteOrder.LITTLE_ENDIAN).put(bytes, 0, 12).putInt(json.length).put(json);
    out.position(start).put(bytes, body, bytes.length - body - Long.BYTES);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, out.position());
    return out.putLong(crc.getValue()).array();
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
                  null,
                  null));
    }
    try (var left = Files.list(dir)) {
      assertEquals(1, left.count());
    }
  }
}
