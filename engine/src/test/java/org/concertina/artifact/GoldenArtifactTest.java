package org.concertina.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.concertina.serve.DeviceRuntime;
import org.concertina.serve.Recommender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of every format version are kept for ever: they must stay readable and serve the same
 * scores, and what they hold must be written so.
 */
class GoldenArtifactTest {
  private static final int[] IDS = {50, 7, 1000, -3, 12, 900, 8};
  private static final int[] USER_IDS = {-4, 9, 30, 31, 2_000_000};

  /** Of the user whose ranking is kept, and of user 30 of files with users. */
  private static final float[] USER = {0.5f, -1, 2, 0.25f, -0.75f, 1.5f};

  @TempDir Path dir;

  /**
   * A file of a format version with the configuration, the prior and the users that it holds, no
   * priors and a null for none, and the ranking it serves.
   */
  record Version(
      String file,
      int number,
      ElasticConfig config,
      List<Float> priors,
      Precision users,
      List<Integer> ids,
      List<Float> scores) {
    @Override
    public String toString() {
      return file;
    }
  }

  static List<Version> versions() {
    BlockShape shape = new BlockShape(3, 2);
    BlockChoice int8 = new BlockChoice(0b011, Precision.INT8);
    return List.of(
        new Version(
            "v1.cnct",
            1,
            new ElasticConfig(shape, List.of(new BlockChoice(0b101, Precision.FP32), int8)),
            List.of(),
            null,
            List.of(7, 12, 900, 1000, 50, 8, -3),
            List.of(
                0.63815343f,
                0.49667725f,
                0.34163865f,
                5.227673E-9f,
                -0.5105228f,
                -0.6921366f,
                -0.74972236f)),
        new Version(
            "v2.cnct",
            2,
            new ElasticConfig(shape, List.of(new BlockChoice(0b111, Precision.INT4), int8)),
            List.of(),
            null,
            List.of(7, 12, 900, 50, 1000, 8, -3),
            List.of(
                0.59076464f,
                0.49667725f,
                0.34163865f,
                -0.01687899f,
                -0.12072655f,
                -0.6921366f,
                -0.74972236f)),
        new Version(
            "v2-prior.cnct",
            2,
            new ElasticConfig(shape, List.of(new BlockChoice(0b101, Precision.FP32), int8)),
            List.of(0f, -0.07f, -0.11f, -0.2f, -0.2f, -0.27f, -0.4f),
            null,
            List.of(7, 12, 900, 1000, 50, -3, 8),
            List.of(
                0.56799597f,
                0.29667723f,
                0.071559876f,
                -0.10999997f,
                -0.5105227f,
                -0.9497224f,
                -1.0921366f)),
        new Version(
            "v3-prior.cnct",
            3,
            new ElasticConfig(shape, List.of(new BlockChoice(0b101, Precision.FP32), int8)),
            List.of(0f, -0.07f, -0.11f, -0.2f, -0.205f, -0.21f, -0.215f),
            null,
            List.of(7, 12, 900, 1000, 50, 8, -3),
            List.of(
                0.56799597f,
                0.28917724f,
                0.13413861f,
                -0.10999997f,
                -0.5105227f,
                -0.8996366f,
                -0.95722234f)),
        new Version(
            "v3-dropped.cnct",
            3,
            new ElasticConfig(
                shape, List.of(new BlockChoice(0b101, Precision.FP32), BlockChoice.DROPPED)),
            List.of(0f, -0.07f, -0.11f, -0.2f, -0.205f, -0.21f, -0.215f),
            null,
            List.of(7, 1000, 50),
            List.of(0.56799597f, -0.10999997f, -0.5105227f)),
        new Version(
            "v5.cnct",
            5,
            new ElasticConfig(shape, List.of(new BlockChoice(0b111, Precision.INT2), int8)),
            List.of(),
            null,
            List.of(7, 12, 900, 1000, 50, 8, -3),
            List.of(
                0.54065484f,
                0.49667725f,
                0.34163865f,
                0.0f,
                -0.19918863f,
                -0.6921366f,
                -0.74972236f)),
        withUsers("v4-users.cnct", Precision.INT8),
        withUsers("v4-users-fp32.cnct", Precision.FP32));
  }

  /** The configuration of the first version, so the ranking for a vector is its too. */
  private static Version withUsers(String file, Precision precision) {
    BlockShape shape = new BlockShape(3, 2);
    return new Version(
        file,
        4,
        new ElasticConfig(
            shape,
            List.of(
                new BlockChoice(0b101, Precision.FP32), new BlockChoice(0b011, Precision.INT8))),
        List.of(),
        precision,
        List.of(7, 12, 900, 1000, 50, 8, -3),
        List.of(
            0.63815343f,
            0.49667725f,
            0.34163865f,
            5.227673E-9f,
            -0.5105228f,
            -0.6921366f,
            -0.74972236f));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void isStillWritten(Version version) throws IOException {
    Path file = dir.resolve(version.file());
    write(file, version);
    assertArrayEquals(golden(version), Files.readAllBytes(file));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void isStillRead(Version version) throws IOException {
    Path file = dir.resolve(version.file());
    Files.write(file, golden(version));
    try (Artifact artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
      assertEquals(version.number, artifact.info().formatVersion());
      assertEquals(new Provenance(0xdadaL, 0xbeefL, 7, "0.1.0"), artifact.info().provenance());
      assertEquals(version.config, artifact.info().config());
      assertEquals(!version.priors.isEmpty(), artifact.info().hasPrior());
      assertEquals(1, artifact.rowOfId(50));
      assertEquals(1000, artifact.idAtRow(2));
      assertEquals(1f, artifact.scale(0));
      assertEquals(version.users != null, artifact.hasUsers());
    }
  }

  /** Scores were written down when the version was new. */
  @ParameterizedTest
  @MethodSource("versions")
  void stillServesTheSameScores(Version version) throws IOException {
    Path file = dir.resolve(version.file());
    Files.write(file, golden(version));
    MemorySegment user = MemorySegment.ofArray(USER);
    int[] rows = new int[IDS.length];
    float[] scores = new float[IDS.length];
    int count;
    try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
        Recommender recommender = runtime.newRecommender()) {
      count = recommender.recommend(user, 0, IDS.length, null, rows, scores);
      runtime.itemIdsAtRows(rows, count, rows);
    }
    assertEquals(version.ids, Arrays.stream(rows, 0, count).boxed().toList());
    assertEquals(version.scores, list(scores, count));
  }

  /** Scores of the codes were written down when the version was new. */
  @Test
  void stillServesTheSameUsers() throws IOException {
    for (Version version : versions()) {
      if (version.users == null) {
        continue;
      }
      Path file = dir.resolve(version.file());
      Files.write(file, golden(version));
      int[] rows = new int[IDS.length];
      float[] scores = new float[IDS.length];
      try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
          Recommender recommender = runtime.newRecommender()) {
        assertEquals(USER_IDS.length, runtime.users());
        for (int row = 0; row < USER_IDS.length; row++) {
          assertEquals(USER_IDS[row], runtime.userIdAtRow(row));
          assertEquals(row, runtime.userRowOfId(USER_IDS[row]));
        }
        assertEquals(-1, runtime.userRowOfId(32));
        recommender.recommendUser(runtime.userRowOfId(30), IDS.length, null, rows, scores);
        runtime.itemIdsAtRows(rows, rows.length, rows);
        assertEquals(version.ids, Arrays.stream(rows).boxed().toList());
        assertEquals(scoresOfUser(version), list(scores, rows.length));
        recommender.recommendUser(runtime.userRowOfId(9), IDS.length, null, rows, scores);
        assertArrayEquals(new float[IDS.length], scores, "a user of whom nothing is known");
      }
    }
  }

  private static List<Float> scoresOfUser(Version version) {
    return version.users == Precision.FP32
        ? version.scores
        : List.of(
            0.6384576f,
            0.4974261f,
            0.34395114f,
            -0.0014749338f,
            -0.5113014f,
            -0.69333744f,
            -0.75037235f);
  }

  private static List<Float> list(float[] scores, int count) {
    List<Float> list = new ArrayList<>();
    for (int rank = 0; rank < count; rank++) {
      list.add(scores[rank]);
    }
    return list;
  }

  private static UserVectors users(CappedArena arena, Precision precision) {
    FloatTable users = FloatTable.allocate(arena, USER_IDS.length, 6, "golden users");
    for (int k = 0; k < 6; k++) {
      users.set(0, k, k - 2.5f);
      users.set(2, k, USER[k]);
      users.set(3, k, k == 4 ? -1e-3f : 0);
      users.set(4, k, 1e6f / (1 + k));
    }
    return new UserVectors(users, USER_IDS, precision);
  }

  static void write(Path file, Version version) throws IOException {
    ElasticConfig config = version.config;
    try (CappedArena arena = CappedArena.unlimited()) {
      FloatTable items = FloatTable.allocate(arena, IDS.length, 6, "golden table");
      for (int item = 0; item < IDS.length; item++) {
        for (int k = 0; k < 6; k++) {
          items.set(item, k, (item * 5 + k * 3) % 7 - 3);
        }
      }
      MemorySegment priors = arena.allocateFloats(IDS.length, "golden priors");
      for (int item = 0; item < version.priors.size(); item++) {
        priors.setAtIndex(ValueLayout.JAVA_FLOAT, item, version.priors.get(item));
      }
      ArtifactWriter.write(
          file,
          items,
          version.priors.isEmpty() ? null : priors,
          config.shape(),
          RowOrder.byId(Groups.ofStarts(0, 3, 7), IDS),
          config,
          IDS,
          version.users == null ? null : users(arena, version.users),
          new Provenance(0xdadaL, 0xbeefL, 7, "0.1.0"));
    }
  }

  private static byte[] golden(Version version) throws IOException {
    try (InputStream in = GoldenArtifactTest.class.getResourceAsStream(version.file())) {
      assertNotNull(in, "src/test/resources/org/concertina/artifact/" + version.file());
      return in.readAllBytes();
    }
  }
}
