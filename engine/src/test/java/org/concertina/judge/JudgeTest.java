package org.concertina.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.concertina.TestData;
import org.concertina.artifact.ArtifactWriter;
import org.concertina.artifact.Provenance;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.interaction.InteractionData;
import org.concertina.kernel.ScreeningOps;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.memory.MemoryCap;
import org.concertina.metric.RankingAccumulator;
import org.concertina.metric.RankingQuality;
import org.concertina.serve.DeviceRuntime;
import org.concertina.serve.Recommender;
import org.concertina.serve.RowFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge against the device runtime, which ranks the whole catalogue of a packed artifact. */
class JudgeTest {
  private static final VectorOps OPS = VectorOpsProvider.get();
  private static final BlockShape SHAPE = new BlockShape(4, 4);
  private static final int CUTOFF = 10;

  @TempDir Path dir;
  private InteractionData data;
  private CappedArena arena;
  private WorkerPool pool;
  private FloatTable users;
  private FloatTable items;
  private RowOrder order;

  @BeforeEach
  void open() throws IOException {
    data = TestData.synthetic(dir, 120, 150);
    arena = CappedArena.unlimited();
    pool = new WorkerPool(2);
    Random random = new Random(5);
    users = FloatTable.allocate(arena, data.users(), SHAPE.dim(), "users");
    items = FloatTable.allocate(arena, data.items(), SHAPE.dim(), "items");
    for (int u = 0; u < data.users(); u++) {
      for (int d = 0; d < SHAPE.dim(); d++) {
        users.set(u, d, (float) random.nextGaussian());
      }
    }
    for (int i = 0; i < data.items(); i++) {
      // Every third item repeats another, and few distinct values: scores tie within and across
      // groups.
      for (int d = 0; d < SHAPE.dim(); d++) {
        items.set(i, d, i % 3 == 2 ? items.get(i / 2, d) : random.nextInt(-2, 3));
      }
    }
    order = RowOrder.byId(Groups.ofStarts(0, 17, 50, 99, data.items()), data.itemIds());
  }

  @AfterEach
  void close() {
    pool.close();
    arena.close();
    data.close();
  }

  private Judge judge(MemoryCap cap) {
    return judge(null, cap);
  }

  private Judge judge(MemorySegment prior, MemoryCap cap) {
    return judge(OPS, prior, cap);
  }

  private Judge judge(VectorOps ops, MemorySegment prior, MemoryCap cap) {
    return new Judge(
        ops,
        pool,
        users,
        items,
        prior,
        SHAPE,
        order,
        data.validation(),
        List.of(data.train()),
        CUTOFF,
        user -> true,
        cap);
  }

  /** Any choices but, in every other configuration, dropped groups; never all of them. */
  private static ElasticConfig random(Random random) {
    List<BlockChoice> choices = new ArrayList<>();
    int stays = random.nextInt(4);
    boolean drops = random.nextBoolean();
    for (int g = 0; g < 4; g++) {
      if (drops && g != stays && random.nextBoolean()) {
        choices.add(BlockChoice.DROPPED);
        continue;
      }
      choices.add(
          new BlockChoice(
              random.nextLong(1, SHAPE.fullMask() + 1), Precision.ofCode(random.nextInt(1, 5))));
    }
    return new ElasticConfig(SHAPE, choices);
  }

  /** Falls with popularity; items repeat one another's, so that scores tie. */
  private MemorySegment prior() {
    MemorySegment prior = arena.allocateFloats(data.items(), "prior");
    for (int i = 0; i < data.items(); i++) {
      float value = i % 3 == 2 ? prior.getAtIndex(ValueLayout.JAVA_FLOAT, i / 2) : -0.004f * i;
      prior.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
    return prior;
  }

  @Test
  void theMeanOverUsersIsTheVerdict() {
    Random random = new Random(8);
    try (Judge judge = judge(MemoryCap.unlimited())) {
      for (int round = 0; round < 8; round++) {
        ElasticConfig config = random(random);
        Verdict verdict = judge.judge(config);
        UserVerdicts users = judge.judgeUsers(config);
        assertEquals(judge.users(), users.users());
        assertEquals(verdict.recall(), Arrays.stream(users.recall()).average().orElse(0), 1e-12);
        assertEquals(verdict.ndcg(), Arrays.stream(users.ndcg()).average().orElse(0), 1e-12);
        for (int user = 0; user < users.users(); user++) {
          assertTrue(users.recall()[user] >= 0 && users.recall()[user] <= 1 + 1e-12);
          int relevantOf = judge.user(user);
          boolean hit =
              judge.rank(config, user).stream()
                  .anyMatch(row -> data.validation().contains(relevantOf, order.itemAtRow(row)));
          assertEquals(hit, users.recall()[user] > 0);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "4, false", "1, true", "4, true"})
  void whatIsExpectedChangesNoVerdict(int expected, boolean monotone) {
    assertExpectationsChangeNoVerdict(OPS, expected, monotone, prior());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void neitherDoesRulingRowsOutByTheirCodes(boolean hasPrior) {
    ScreeningOps screening = new ScreeningOps();
    MemorySegment prior = hasPrior ? prior() : null;
    assertExpectationsChangeNoVerdict(screening.all(), 4, true, prior);
    assertTrue(screening.reported() < screening.screened(), "no row was ruled out");
  }

  /** Users of nothing, of numbers that are none, and of one element that dwarfs the others. */
  @Test
  void vectorsThatCannotBeScreenedByAreJudgedAllTheSame() {
    users.set(1, 3, Float.NaN);
    users.set(2, 5, Float.POSITIVE_INFINITY);
    users.set(3, 7, 1e30f);
    users.set(4, 2, 1e-30f);
    for (int d = 0; d < SHAPE.dim(); d++) {
      users.set(0, d, 0);
      users.set(5, d, 1e-42f);
      users.set(6, d, 3e37f);
      users.set(7, d, d % 2 == 0 ? 1e37f : -1e37f);
    }
    ScreeningOps screening = new ScreeningOps();
    assertExpectationsChangeNoVerdict(screening.all(), 4, true, null);
    assertExpectationsChangeNoVerdict(screening.all(), 4, true, prior());
  }

  @Test
  void rowsThatCannotBeScreenedAreJudgedAllTheSame() {
    items.set(20, 1, Float.NaN);
    items.set(60, 0, Float.NEGATIVE_INFINITY);
    for (int d = 0; d < SHAPE.dim(); d++) {
      items.set(30, d, 0);
      items.set(110, d, 1e-42f);
    }
    assertExpectationsChangeNoVerdict(new ScreeningOps().all(), 4, true, prior());
  }

  /** A configuration as expected; groups but the first may be dropped. */
  private static ElasticConfig expected(
      Random random, List<BlockChoice> choices, boolean monotone) {
    List<BlockChoice> drawn = new ArrayList<>();
    for (int g = 0; g < 4; g++) {
      drawn.add(choices.get(random.nextInt(choices.size())));
    }
    if (monotone) {
      drawn.sort(
          Comparator.comparingLong(choice -> -choice.precision().rowBytes(SHAPE.keptDims(choice))));
    }
    if (random.nextInt(4) == 0) {
      drawn.set(1 + random.nextInt(3), BlockChoice.DROPPED);
    }
    return new ElasticConfig(SHAPE, drawn);
  }

  private void assertExpectationsChangeNoVerdict(
      VectorOps ops, int expected, boolean monotone, MemorySegment prior) {
    Random random = new Random(9);
    try (Judge complete = judge(prior, MemoryCap.unlimited());
        Judge cut = judge(ops, prior, MemoryCap.unlimited())) {
      List<BlockChoice> choices = new ArrayList<>();
      for (int blocks = 1; blocks <= expected; blocks++) {
        for (Precision precision : Precision.values()) {
          choices.add(BlockChoice.prefix(blocks, precision));
        }
      }
      cut.expect(choices, monotone);
      for (int round = 0; round < 60; round++) {
        ElasticConfig config =
            round % 3 == 0 || expected == 0 ? random(random) : expected(random, choices, monotone);
        assertEquals(complete.judge(config), cut.judge(config), "round " + round);
        int user = random.nextInt(complete.users());
        assertEquals(complete.rank(config, user), cut.rank(config, user), "round " + round);
        assertArrayEquals(complete.judgeUsers(config).ndcg(), cut.judgeUsers(config).ndcg());
      }
      assertThrows(IllegalStateException.class, () -> cut.expect(choices, monotone));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ranksAndMeasuresAsTheDeviceDoesToTheLastId(boolean hasPrior) throws IOException {
    Random random = new Random(6);
    MemorySegment prior = hasPrior ? prior() : null;
    try (Judge judge = judge(prior, MemoryCap.unlimited())) {
      for (int round = 0; round < 12; round++) {
        ElasticConfig config = round == 0 ? ElasticConfig.full(SHAPE, 4) : random(random);
        Path artifact = dir.resolve("artifact");
        ArtifactWriter.write(
            artifact, items, prior, SHAPE, order, config, null, new Provenance(1, 2, 3, "test"));
        assertSame(judge, config, artifact);
      }
    }
  }

  private void assertSame(Judge judge, ElasticConfig config, Path artifact) throws IOException {
    RankingAccumulator quality = new RankingAccumulator(CUTOFF);
    int[] rows = new int[CUTOFF];
    float[] scores = new float[CUTOFF];
    try (DeviceRuntime runtime = DeviceRuntime.open(artifact, MemoryCap.unlimited());
        Recommender recommender = runtime.newRecommender();
        RowFilter filter = runtime.newRowFilter()) {
      for (int ordinal = 0; ordinal < judge.users(); ordinal++) {
        int user = judge.user(ordinal);
        filter.allowAll();
        for (long p = data.train().begin(user); p < data.train().end(user); p++) {
          filter.exclude(order.rowOfItem(data.train().itemAt(p)));
        }
        int count =
            recommender.recommend(
                users.segment(), users.rowOffsetBytes(user), CUTOFF, filter, rows, scores);
        List<Integer> expected = new ArrayList<>();
        int[] ranked = new int[count];
        for (int i = 0; i < count; i++) {
          expected.add(rows[i]);
          ranked[i] = order.itemAtRow(rows[i]);
        }
        assertEquals(expected, judge.rank(config, ordinal));
        quality.add(
            ranked,
            count,
            data.validation().itemIndices(),
            data.validation().begin(user),
            data.validation().end(user));
      }
    }
    RankingQuality expected = quality.result().getFirst();
    Verdict verdict = judge.judge(config);
    assertEquals(expected.recall(), verdict.recall(), 1e-12);
    assertEquals(expected.ndcg(), verdict.ndcg(), 1e-12);
    assertTrue(expected.recall() > 0);
  }

  @Test
  void aDroppedGroupsItemsAreMissesThatStillCount() {
    ElasticConfig full = ElasticConfig.full(SHAPE, 4);
    ElasticConfig dropped = full.withChoice(1, BlockChoice.DROPPED);
    try (Judge judge = judge(MemoryCap.unlimited())) {
      UserVerdicts before = judge.judgeUsers(full);
      UserVerdicts after = judge.judgeUsers(dropped);
      assertEquals(before.users(), after.users());
      int lost = 0;
      for (int ordinal = 0; ordinal < judge.users(); ordinal++) {
        int user = judge.user(ordinal);
        int degree = data.validation().degree(user);
        int reachable = 0;
        for (int item = 0; item < data.items(); item++) {
          reachable += data.validation().contains(user, item) && (item < 17 || item >= 50) ? 1 : 0;
        }
        assertTrue(after.recall()[ordinal] <= (double) reachable / degree + 1e-12);
        assertTrue(judge.rank(dropped, ordinal).stream().noneMatch(row -> row >= 17 && row < 50));
        lost += before.recall()[ordinal] > (double) reachable / degree + 1e-12 ? 1 : 0;
      }
      assertTrue(lost > 0, "nobody's item was in the dropped group");
      assertTrue(judge.isCached(1, BlockChoice.DROPPED));
    }
  }

  @Test
  void aSmallMemoryCapChangesNothingButTheTime() {
    Random random = new Random(7);
    MemoryCap small;
    try (Judge roomy = judge(MemoryCap.unlimited())) {
      long scratch;
      MemoryCap probe = MemoryCap.unlimited();
      try (Judge empty = judge(probe)) {
        scratch = probe.usedBytes();
        long list = empty.users() * (CUTOFF * 8L + 8) + 8;
        small = MemoryCap.ofBytes(scratch + 5 * list);
      }
      try (Judge tight = judge(small)) {
        for (int round = 0; round < 20; round++) {
          ElasticConfig config = random(random);
          assertEquals(roomy.judge(config), tight.judge(config));
        }
      }
      assertEquals(0, small.usedBytes());
      try (Judge tight = judge(small)) {
        List<BlockChoice> choices =
            List.of(BlockChoice.prefix(2, Precision.INT8), BlockChoice.prefix(4, Precision.INT4));
        tight.expect(choices, false);
        for (int round = 0; round < 20; round++) {
          ElasticConfig config = expected(random, choices, false);
          assertEquals(roomy.judge(config), tight.judge(config));
          assertEquals(roomy.rank(config, round), tight.rank(config, round));
        }
      }
    }
    assertEquals(0, small.usedBytes());
  }

  @Test
  void countsThatWereKeptGiveTheSameBits() {
    Random random = new Random(8);
    List<ElasticConfig> configs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      configs.add(random(random));
    }
    try (Judge judge = judge(MemoryCap.unlimited())) {
      List<Verdict> counting = configs.stream().map(judge::judge).toList();
      assertEquals(counting, configs.stream().map(judge::judge).toList());
      judge.dropCounts();
      assertEquals(counting, configs.stream().map(judge::judge).toList());
    }
  }

  @Test
  void badArgumentsAreNamed() {
    try (Judge judge = judge(MemoryCap.unlimited())) {
      assertThrows(IllegalArgumentException.class, () -> judge.judge(ElasticConfig.full(SHAPE, 3)));
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Judge(
                OPS,
                pool,
                users,
                items,
                null,
                SHAPE,
                order,
                data.validation(),
                List.of(),
                0,
                user -> true,
                MemoryCap.unlimited()));
  }
}
