package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.concertina.artifact.ArtifactChecksums;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups without a chance are skipped, and no result shows it. */
class GroupSkippingTest {
  private static final int DIM = 16;
  private static final int ITEMS = 400;

  @TempDir Path dir;

  /** A rich first group and poor others, whose rows repeat, so that scores tie across groups. */
  private ArtifactFixture fixture(Precision precision, boolean prior) {
    ArtifactFixture random =
        ArtifactFixture.of(5, Groups.equalCount(ITEMS, 5), new BlockShape(4, 4));
    ArtifactFixture fixture =
        random.withConfig(
            random
                .config()
                .withChoice(0, BlockChoice.prefix(4, precision))
                .withChoice(1, new BlockChoice(0b0011, precision))
                .withChoice(2, new BlockChoice(0b1000, precision))
                .withChoice(3, new BlockChoice(0b0001, precision))
                .withChoice(4, new BlockChoice(0b1000, precision)));
    return prior ? fixture.withPrior(fixture.randomPrior(3)) : fixture;
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void resultsAreThoseOfAllGroups(Precision precision) throws Exception {
    for (boolean prior : new boolean[] {false, true}) {
      try (ArtifactFixture fixture = fixture(precision, prior);
          DeviceRuntime runtime = open(fixture, precision + "" + prior);
          Recommender recommender = runtime.newRecommender()) {
        ServingOracle oracle = new ServingOracle(fixture);
        SplittableRandom random = new SplittableRandom(7);
        int skipped = 0;
        for (int request = 0; request < 300; request++) {
          float[] user = user(random, oracle);
          int k = random.nextInt(1, 30);
          int[] rows = new int[k];
          recommender.recommend(MemorySegment.ofArray(user), 0, k, null, rows, new float[k]);
          assertArrayEquals(oracle.best(user, k, row -> false), rows);
          skipped += recommender.skippedGroups();
        }
        assertTrue(skipped > 100, precision + ": skipped " + skipped);
      }
    }
  }

  /** A row of the catalogue, any vector, or one along an axis, where bounds are reached exactly. */
  private static float[] user(SplittableRandom random, ServingOracle oracle) {
    float[] user = new float[DIM];
    switch (random.nextInt(3)) {
      case 0 -> user = oracle.userVector(new int[] {random.nextInt(ITEMS)});
      case 1 -> user = ServingFixture.randomFloats(random, DIM);
      default -> user[random.nextInt(DIM)] = random.nextBoolean() ? 1 : -1;
    }
    return user;
  }

  @Test
  void aGroupWithoutTheUsersBlocksIsSkippedOnceTheListIsFull() throws Exception {
    try (ArtifactFixture fixture = fixture(Precision.FP32, false);
        DeviceRuntime runtime = open(fixture, "one");
        Recommender recommender = runtime.newRecommender()) {
      float[] user = new float[DIM];
      user[5] = 1; // in block 1, which groups 2 to 4 lack
      recommender.recommend(MemorySegment.ofArray(user), 0, 3, null, new int[3], new float[3]);
      assertEquals(3, recommender.skippedGroups());
      recommender.recommend(
          MemorySegment.ofArray(user), 0, ITEMS, null, new int[ITEMS], new float[ITEMS]);
      assertEquals(0, recommender.skippedGroups());
    }
  }

  /** Nothing says that rows are unit vectors: a file whose rows are longer is sound. */
  @Test
  void longRowsOfAStrangeWriterAreNotSkipped() throws Exception {
    try (ArtifactFixture fixture = fixture(Precision.INT8, false)) {
      Path file = dir.resolve("long");
      fixture.write(file);
      byte[] good = Files.readAllBytes(file);
      byte[] bytes = good.clone();
      MemorySegment entry = MemorySegment.ofArray(bytes).asSlice(256 + 4 * 64, 64);
      ValueLayout.OfFloat scale =
          ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
      entry.set(scale, 20, 100 * entry.get(scale, 20));
      ArtifactChecksums.fix(bytes, good);
      Files.write(file, bytes);
      try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
          Recommender recommender = runtime.newRecommender()) {
        SplittableRandom random = new SplittableRandom(3);
        for (int request = 0; request < 20; request++) {
          float[] user = ServingFixture.randomFloats(random, DIM);
          int[] all = new int[ITEMS];
          recommender.recommend(MemorySegment.ofArray(user), 0, ITEMS, null, all, new float[ITEMS]);
          int[] rows = new int[10];
          recommender.recommend(MemorySegment.ofArray(user), 0, 10, null, rows, new float[10]);
          assertArrayEquals(Arrays.copyOf(all, 10), rows);
          assertTrue(rows[0] >= fixture.groups().start(4));
        }
      }
    }
  }

  private DeviceRuntime open(ArtifactFixture fixture, String name) throws Exception {
    fixture.write(dir.resolve(name));
    return DeviceRuntime.open(dir.resolve(name), MemoryCap.unlimited());
  }
}
