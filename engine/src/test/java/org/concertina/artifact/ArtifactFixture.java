package org.concertina.artifact;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * Random tables with small whole numbers and repeated rows, so that scores tie, and what an
 * artifact needs beside them.
 */
public final class ArtifactFixture implements AutoCloseable {
  public static final Provenance PROVENANCE =
      new Provenance(0x1122334455667788L, -2, 42, "0.1.0-test");

  private final CappedArena arena;
  private final FloatTable items;
  private final BlockShape shape;
  private final RowOrder order;
  private final ElasticConfig config;
  private final int[] ids;
  private final MemorySegment prior;
  private final UserVectors users;

  private ArtifactFixture(
      CappedArena arena,
      FloatTable items,
      BlockShape shape,
      RowOrder order,
      ElasticConfig config,
      int[] ids,
      MemorySegment prior,
      UserVectors users) {
    this.arena = arena;
    this.items = items;
    this.shape = shape;
    this.order = order;
    this.config = config;
    this.ids = ids;
    this.prior = prior;
    this.users = users;
  }

  /** Any shape: free masks, mixed precisions, groups of any size, every other one with a prior. */
  public static ArtifactFixture random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int items = random.nextInt(1, 400);
    int groups = random.nextInt(1, Math.min(items, 7) + 1);
    BlockShape shape = new BlockShape(random.nextInt(1, 9), random.nextInt(1, 10));
    ArtifactFixture fixture = of(seed, randomGroups(random, items, groups), shape);
    return random.nextBoolean() ? fixture.withPrior(fixture.randomPrior(seed)) : fixture;
  }

  /** A fixture of given groups and shape; the rest is random. */
  public static ArtifactFixture of(long seed, Groups groups, BlockShape shape) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ids = randomIds(random, groups.items());
    CappedArena arena = CappedArena.unlimited();
    return new ArtifactFixture(
        arena,
        randomTable(random, arena, groups.items(), shape.dim()),
        shape,
        RowOrder.byId(groups, ids),
        randomConfig(random, shape, groups.count()),
        ids,
        null,
        null);
  }

  public static Groups randomGroups(SplittableRandom random, int items, int groups) {
    TreeSet<Integer> starts = new TreeSet<>(List.of(0, items));
    while (starts.size() <= groups) {
      starts.add(random.nextInt(items));
    }
    return Groups.ofStarts(starts.stream().mapToInt(Integer::intValue).toArray());
  }

  public static int[] randomIds(SplittableRandom random, int count) {
    int least = random.nextInt(3) * -500;
    return random.ints(least, least + 3 * count).distinct().limit(count).toArray();
  }

  static FloatTable randomTable(SplittableRandom random, CappedArena arena, int items, int dim) {
    FloatTable table = FloatTable.allocate(arena, items, dim, "test table");
    for (int item = 0; item < items; item++) {
      boolean repeats = item > 0 && random.nextInt(4) == 0;
      int source = repeats ? random.nextInt(item) : 0;
      boolean whole = random.nextBoolean();
      for (int k = 0; k < dim; k++) {
        float value =
            repeats
                ? table.get(source, k)
                : whole ? random.nextInt(-1, 2) : (float) random.nextDouble(-1, 1);
        table.set(item, k, value);
      }
    }
    return table;
  }

  public static ElasticConfig randomConfig(SplittableRandom random, BlockShape shape, int groups) {
    List<BlockChoice> choices = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      long mask = 0;
      while (mask == 0) {
        mask = random.nextLong() & shape.fullMask();
      }
      choices.add(new BlockChoice(mask, randomPrecision(random)));
    }
    return new ElasticConfig(shape, choices);
  }

  private static Precision randomPrecision(SplittableRandom random) {
    return Precision.ofCode(random.nextInt(1, 5));
  }

  public ArtifactFixture withConfig(ElasticConfig other) {
    return new ArtifactFixture(arena, items, shape, order, other, ids, prior, users);
  }

  /** Some groups dropped, but not all; at least one if there are several. */
  public ArtifactFixture withDropped(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int groups = config.groups();
    int stays = random.nextInt(groups);
    ElasticConfig dropped = config;
    for (int g = 0; g < groups; g++) {
      if (g != stays && (g == (stays + 1) % groups || random.nextInt(3) == 0)) {
        dropped = dropped.withChoice(g, BlockChoice.DROPPED);
      }
    }
    return withConfig(dropped);
  }

  /** Whether a row is in the catalogue and its group is not dropped. */
  public boolean isThere(int row) {
    return row >= 0 && row < ids.length && !config.choice(groups().groupOf(row)).isDropped();
  }

  public ArtifactFixture withPrior(MemorySegment other) {
    return new ArtifactFixture(arena, items, shape, order, config, ids, other, users);
  }

  /** Falling with popularity and with noise; the first group's items share one now and then. */
  public MemorySegment randomPrior(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MemorySegment priors = arena.allocateFloats(ids.length, "test prior");
    boolean flat = random.nextInt(3) == 0;
    for (int item = 0; item < ids.length; item++) {
      boolean same = flat && item < groups().end(0);
      double noise = same ? 0 : 0.2 * random.nextDouble();
      double fallen = same ? 0.1 : 0.1 * Math.log1p(item);
      priors.setAtIndex(ValueLayout.JAVA_FLOAT, item, (float) -(fallen + noise));
    }
    return priors;
  }

  public ArtifactFixture withUsers(UserVectors other) {
    return new ArtifactFixture(arena, items, shape, order, config, ids, prior, other);
  }

  /** Vectors of all lengths, some of zeros, of users whose ids have gaps. */
  public ArtifactFixture withUsers(long seed, int count, Precision precision) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] userIds = random.ints(-count, 5 * count).distinct().limit(count).sorted().toArray();
    return withUsers(new UserVectors(randomUsers(seed, count), userIds, precision));
  }

  public FloatTable randomUsers(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    FloatTable table = randomTable(random, arena, count, shape.dim());
    for (int user = 0; user < count; user++) {
      float length = random.nextInt(8) == 0 ? 0 : (float) random.nextDouble(0.1, 20);
      for (int k = 0; k < shape.dim(); k++) {
        table.set(user, k, length * table.get(user, k));
      }
    }
    return table;
  }

  /** Null for none. */
  public UserVectors users() {
    return users;
  }

  public CappedArena arena() {
    return arena;
  }

  public FloatTable items() {
    return items;
  }

  public BlockShape shape() {
    return shape;
  }

  public RowOrder order() {
    return order;
  }

  public ElasticConfig config() {
    return config;
  }

  public int[] ids() {
    return ids;
  }

  /** Null for none. */
  public MemorySegment prior() {
    return prior;
  }

  public Groups groups() {
    return order.groups();
  }

  public ArtifactLayout layout() {
    return new ArtifactLayout(
            groups(), shape, IdCodec.bytes(order, ids), CodedPriors.of(prior, order))
        .withUsers(users == null ? 0 : users.section().bytes());
  }

  public ArtifactInfo write(Path out) throws IOException {
    return ArtifactWriter.write(out, items, prior, shape, order, config, ids, users, PROVENANCE);
  }

  public int idAtRow(int row) {
    return ids[order.itemAtRow(row)];
  }

  /** An id that no item has. */
  public int unknownId() {
    return Arrays.stream(ids).max().orElseThrow() + 1;
  }

  @Override
  public void close() {
    arena.close();
  }
}
