package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.concertina.artifact.ArtifactChecksums;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.kernel.IntegerScreen;
import org.concertina.kernel.ScreeningOps;
import org.concertina.kernel.TileOps;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.scalar.ScalarVectorOps;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows are screened before they are scored, and no result shows it, whatever the kernels. */
class ScreeningTest {
  private static final int DIM = 32;
  private static final int ITEMS = 9_000;

  @TempDir Path dir;

  @Test
  void floatsAreCodedWhereTheCapHasRoomForTwoMore() throws Exception {
    Path file = write(Precision.FP32, false);
    long size = Files.size(file);
    try (DeviceRuntime small =
        DeviceRuntime.open(file, MemoryCap.ofBytes(3 * size), new ScreeningOps().all())) {
      small.warmUp();
      assertEquals(size, small.cap().usedBytes());
    }
    MemoryCap cap = MemoryCap.ofBytes(4 * size);
    DeviceRuntime large = DeviceRuntime.open(file, cap, new ScreeningOps().all());
    large.warmUp();
    // A byte an element in tiles of 16 rows, where the file has four.
    assertEquals(size + 16 * 188 * (32 + 12 + 20), cap.usedBytes());
    large.warmUp();
    assertEquals(size + 16 * 188 * (32 + 12 + 20), cap.usedBytes());
    large.close();
    assertEquals(0, cap.usedBytes());
  }

  private Path write(Precision precision, boolean prior) throws Exception {
    Path file = dir.resolve(precision + "" + prior);
    ArtifactFixture random =
        ArtifactFixture.of(9, Groups.equalCount(ITEMS, 3), new BlockShape(8, 4));
    ArtifactFixture chosen =
        random.withConfig(
            random
                .config()
                .withChoice(0, BlockChoice.prefix(8, precision))
                .withChoice(1, new BlockChoice(0b1011, precision))
                .withChoice(2, BlockChoice.prefix(5, precision)));
    try (ArtifactFixture fixture = prior ? chosen.withPrior(chosen.randomPrior(3)) : chosen) {
      fixture.write(file);
    }
    return file;
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void resultsAreThoseOfExactScores(Precision precision) throws Exception {
    for (boolean prior : new boolean[] {false, true}) {
      Path file = write(precision, prior);
      ScreeningOps screening = new ScreeningOps();
      assertResultsAreThoseOfExactScores(file, screening.all());
      assertTrue(
          screening.reported() < screening.screened() / 4, screening.reported() + " reported");
      assertResultsAreThoseOfExactScores(file, VectorOpsProvider.get());
    }
  }

  /** No writer makes such rows: any bits, of floats some whose sums overflow. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void resultsOfHostileRowsAreThoseOfExactScores(Precision precision) throws Exception {
    for (boolean prior : new boolean[] {false, true}) {
      Path file = write(precision, prior);
      damageRows(file);
      assertResultsAreThoseOfExactScores(file, new ScreeningOps().all());
      assertResultsAreThoseOfExactScores(file, VectorOpsProvider.get());
    }
  }

  /** In whole tiles, as what stands behind the last row has to be zero. */
  private static void damageRows(Path file) throws Exception {
    byte[] good = Files.readAllBytes(file);
    byte[] bytes = good.clone();
    MemorySegment segment = MemorySegment.ofArray(bytes);
    SplittableRandom random = new SplittableRandom(17);
    float[] floats = {1e38f, 2e38f, -2e38f, -1e38f, 0, 1, -1e-39f};
    try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited())) {
      ServingPlan plan = runtime.plan();
      for (int g : plan.kept) {
        Precision precision = plan.precisions[g];
        long end = plan.tileOffset(g, plan.starts[g + 1] - TileOps.TILE_ROWS);
        for (long at = plan.rowsOffsets[g]; at < end; at += Float.BYTES) {
          int any = random.nextInt();
          // Some rows of bytes and codes are of the lowest numbers alone.
          int bits = at % (8 * TileOps.TILE_ROWS) == 0 ? 0x80808080 : any;
          if (precision == Precision.FP32) {
            bits = Float.floatToRawIntBits(floats[random.nextInt(floats.length)]);
          }
          long inTile = (at - plan.rowsOffsets[g]) % precision.tileBytes(plan.dims[g]);
          long wholeWords = (long) (plan.dims[g] / 8) * TileOps.TILE_ROWS * Short.BYTES;
          if (precision != Precision.INT2 || inTile < wholeWords) {
            segment.set(ValueLayout.JAVA_INT_UNALIGNED, at, bits);
          }
        }
      }
    }
    ArtifactChecksums.fix(bytes, good);
    Files.write(file, bytes);
  }

  /** Whole tiles by the oracle; rows are the JVM's, since norms of users are sums in its order. */
  private static VectorOps exactOps() {
    VectorOps jvm = VectorOpsProvider.get();
    return new VectorOps(
        "exact",
        jvm.vectorBits(),
        jvm.rows(),
        jvm.optimizers(),
        jvm.matmul(),
        jvm.sparse(),
        ScalarVectorOps.create().tiles(),
        new IntegerScreen(),
        jvm.scan(),
        jvm.bpr());
  }

  private static void assertResultsAreThoseOfExactScores(Path file, VectorOps ops)
      throws Exception {
    try (DeviceRuntime exact = DeviceRuntime.open(file, MemoryCap.unlimited(), exactOps());
        DeviceRuntime screened = DeviceRuntime.open(file, MemoryCap.unlimited(), ops);
        Recommender expected = exact.newRecommender();
        Recommender actual = screened.newRecommender()) {
      SplittableRandom random = new SplittableRandom(11);
      for (int request = 0; request < 60; request++) {
        if (request == 12) {
          // Rows are coded and norms known from now on.
          screened.prepare();
        }
        int k = 1 + random.nextInt(60);
        MemorySegment user = MemorySegment.ofArray(user(random, request));
        int[] rows = new int[k];
        int[] otherRows = new int[k];
        float[] scores = new float[k];
        float[] otherScores = new float[k];
        int found = expected.recommend(user, 0, k, null, rows, scores);
        assertEquals(found, actual.recommend(user, 0, k, null, otherRows, otherScores));
        assertArrayEquals(rows, otherRows, "request " + request);
        assertArrayEquals(scores, otherScores, "request " + request);
      }
    }
  }

  /**
   * Any vector, one along an axis, none, or one so short or long that scales come to their ends.
   */
  private static float[] user(SplittableRandom random, int request) {
    float[] user = ServingFixture.randomFloats(random, DIM);
    float length =
        switch (request % 6) {
          case 0 -> 1e-38f;
          case 1 -> 1e28f;
          case 2 -> 0;
          default -> 1;
        };
    int axis = request % 6 == 3 ? random.nextInt(DIM) : -1;
    for (int k = 0; k < DIM; k++) {
      user[k] = axis < 0 || axis == k ? user[k] * length : 0;
    }
    return user;
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void batchesAndScratchAreThoseOfOneUser(Precision precision) throws Exception {
    Path file = write(precision, true);
    ScreeningOps screening = new ScreeningOps();
    try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited(), screening.all())) {
      long before = runtime.cap().usedBytes();
      Recommender one = runtime.newRecommender();
      assertEquals(before + runtime.recommenderBytes(), runtime.cap().usedBytes());
      BatchRecommender batch = runtime.newBatchRecommender(4);
      float[] users = ServingFixture.randomFloats(new SplittableRandom(5), 4 * DIM);
      MemorySegment vectors = MemorySegment.ofArray(users);
      int[] rows = new int[4 * 20];
      float[] scores = new float[4 * 20];
      batch.recommend(vectors, 0, DIM * 4, 4, 20, null, rows, scores, new int[4]);
      for (int u = 0; u < 4; u++) {
        int[] ownRows = new int[20];
        float[] ownScores = new float[20];
        one.recommend(vectors, 4L * u * DIM, 20, null, ownRows, ownScores);
        for (int rank = 0; rank < 20; rank++) {
          assertEquals(ownRows[rank], rows[u * 20 + rank]);
          assertEquals(ownScores[rank], scores[u * 20 + rank]);
        }
      }
    }
  }
}
