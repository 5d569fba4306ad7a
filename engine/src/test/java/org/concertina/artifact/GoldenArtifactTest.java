package org.concertina.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One file of every format version is kept for ever: it must stay readable, and version 1 must be
 * written so.
 */
class GoldenArtifactTest {
  private static final int[] IDS = {50, 7, 1000, -3, 12, 900, 8};

  @TempDir Path dir;

  @Test
  void versionOneIsStillWritten() throws IOException {
    Path file = dir.resolve("v1.cnct");
    write(file);
    assertArrayEquals(golden(), Files.readAllBytes(file));
  }

  @Test
  void versionOneIsStillRead() throws IOException {
    Path file = dir.resolve("v1.cnct");
    Files.write(file, golden());
    try (Artifact artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
      assertEquals(new Provenance(0xdadaL, 0xbeefL, 7, "0.1.0"), artifact.info().provenance());
      assertEquals(config(), artifact.info().config());
      assertEquals(1, artifact.rowOfId(50));
      assertEquals(1000, artifact.idAtRow(2));
      assertEquals(1f, artifact.scale(0));
    }
  }

  private static ElasticConfig config() {
    return new ElasticConfig(
        new BlockShape(3, 2),
        List.of(new BlockChoice(0b101, Precision.FP32), new BlockChoice(0b011, Precision.INT8)));
  }

  private static void write(Path file) throws IOException {
    try (CappedArena arena = CappedArena.unlimited()) {
      FloatTable items = FloatTable.allocate(arena, IDS.length, 6, "golden table");
      for (int item = 0; item < IDS.length; item++) {
        for (int k = 0; k < 6; k++) {
          items.set(item, k, (item * 5 + k * 3) % 7 - 3);
        }
      }
      ElasticConfig config = config();
      ArtifactWriter.write(
          file,
          items,
          config.shape(),
          RowOrder.byId(Groups.ofStarts(0, 3, 7), IDS),
          config,
          IDS,
          new Provenance(0xdadaL, 0xbeefL, 7, "0.1.0"));
    }
  }

  private static byte[] golden() throws IOException {
    try (InputStream in = GoldenArtifactTest.class.getResourceAsStream("v1.cnct")) {
      assertNotNull(in, "src/test/resources/org/concertina/artifact/v1.cnct");
      return in.readAllBytes();
    }
  }
}
