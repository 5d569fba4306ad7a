package org.concertina.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.memory.MemoryCap;
import org.concertina.serve.DeviceRuntime;
import org.concertina.serve.Recommender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random damage: bits, bytes, hostile words, splices, cuts, with and without matching checksums.
 *
 * <p>With checksums that do not match, opening must throw a named exception. With matching ones a
 * file may be sound in its own way, a row of other values say; then it must serve without a fault.
 * Either way nothing may be taken from the cap beyond the file and be left there.
 *
 * <p>{@code -Dconcertina.fuzz.mutations=1000000} and {@code -Dconcertina.fuzz.seconds=240} make a
 * longer run, {@code -Dconcertina.fuzz.record=FILE} appends a line of JSON about it, and {@code
 * -Dconcertina.seed} repeats one.
 */
class ArtifactFuzzTest {
  private static final int MUTATIONS = Integer.getInteger("concertina.fuzz.mutations", 5_000);
  private static final long SECONDS = Long.getLong("concertina.fuzz.seconds", 60);
  private static final long SEED = Long.getLong("concertina.seed", 20261124);

  /** Numbers that make sizes overflow, run backwards or point outside. */
  private static final long[] HOSTILE = {
    0,
    1,
    -1,
    63,
    64,
    -64,
    1 << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE - 63
  };

  @TempDir Path dir;

  private final MemoryCap cap = MemoryCap.ofBytes(1 << 20);
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Map<String, Integer> refusals = new TreeMap<>();
  private int served;

  @Test
  void damageIsRefusedOrHarmless() throws Exception {
    byte[][] originals = new byte[16][];
    for (int i = 0; i < originals.length; i++) {
      originals[i] = original(i);
    }
    long start = System.nanoTime();
    long deadline = start + TimeUnit.SECONDS.toNanos(SECONDS);
    Path file = dir.resolve("mutant");
    int mutations = 0;
    for (; mutations < MUTATIONS && System.nanoTime() < deadline; mutations++) {
      byte[] original = originals[random.nextInt(originals.length)];
      byte[] mutant = mutate(original, originals[random.nextInt(originals.length)]);
      boolean fixed = mutant.length == original.length && random.nextInt(3) > 0;
      if (fixed) {
        ArtifactChecksums.fix(mutant, original);
      }
      if (!Arrays.equals(mutant, original)) {
        Files.write(file, mutant);
        check(file, fixed, "seed " + SEED + ", mutation " + mutations);
      }
    }
    record(mutations, System.nanoTime() - start);
    assertTrue(refusals.size() > 10, "many checks were reached: " + refusals);
    assertTrue(served > 0, "some mutants are sound");
  }

  /** Small ones, so that damage hits what matters and a run has many. */
  private byte[] original(int seed) throws IOException {
    int items = random.nextInt(1, 60);
    Groups groups =
        ArtifactFixture.randomGroups(random, items, random.nextInt(1, 1 + Math.min(4, items)));
    BlockShape shape = new BlockShape(random.nextInt(1, 5), random.nextInt(1, 5));
    try (ArtifactFixture plain = ArtifactFixture.of(seed, groups, shape)) {
      ArtifactFixture fixture = seed % 2 == 0 ? plain : plain.withPrior(plain.randomPrior(seed));
      if (seed % 4 > 1) {
        Precision precision = seed % 8 > 3 ? Precision.FP32 : Precision.INT8;
        fixture = fixture.withUsers(seed, random.nextInt(1, 30), precision);
      }
      Path file = dir.resolve("original" + seed);
      fixture.write(file);
      return Files.readAllBytes(file);
    }
  }

  private byte[] mutate(byte[] original, byte[] other) {
    byte[] bytes = original.clone();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      int at = place(bytes.length);
      switch (random.nextInt(7)) {
        case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) random.nextInt();
        case 3 ->
            MemorySegment.ofArray(bytes)
                .set(
                    ArtifactFormat.LONG,
                    Math.min(at & ~7, bytes.length - Long.BYTES),
                    HOSTILE[random.nextInt(HOSTILE.length)]);
        case 4 ->
            MemorySegment.ofArray(bytes)
                .set(
                    ArtifactFormat.INT,
                    Math.min(at & ~3, bytes.length - Integer.BYTES),
                    (int) HOSTILE[random.nextInt(HOSTILE.length)]);
        case 5 -> {
          int from = random.nextInt(other.length);
          int length = random.nextInt(1 + Math.min(bytes.length - at, other.length - from));
          System.arraycopy(other, from, bytes, at, length);
        }
        default -> {
          if (random.nextInt(4) == 0) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length + 100));
          }
        }
      }
    }
    return bytes;
  }

  /** Half of the damage hits the header and the first entries, where the sizes are. */
  private int place(int length) {
    return random.nextInt(random.nextBoolean() ? Math.min(length, 448) : length);
  }

  private void check(Path file, boolean checksumsFixed, String name) throws IOException {
    try (DeviceRuntime runtime = DeviceRuntime.open(file, cap)) {
      assertTrue(checksumsFixed, name + ": damage was not noticed");
      serve(runtime, name);
      served++;
    } catch (ArtifactFormatException refused) {
      refusals.merge(refused.field().replaceAll("group [0-9]+", "group N"), 1, Integer::sum);
    } catch (RuntimeException | AssertionError wrong) {
      throw new AssertionError(name, wrong);
    }
    assertEquals(0, cap.usedBytes(), name);
  }

  private void serve(DeviceRuntime runtime, String name) {
    try (Recommender recommender = runtime.newRecommender()) {
      int[] rows = new int[8];
      float[] scores = new float[8];
      float[] user = new float[runtime.info().config().shape().dim()];
      Arrays.fill(user, 0.5f);
      MemorySegment vector = MemorySegment.ofArray(user);
      int found = recommender.recommend(vector, 0, 8, null, rows, scores);
      checkRows(runtime, found, rows, scores, name);
      for (int userRow = 0; userRow < Math.min(runtime.users(), 100); userRow++) {
        found = recommender.recommendUser(userRow, 8, null, rows, scores);
        checkRows(runtime, found, rows, scores, name);
        if (runtime.hasUserIds()) {
          assertEquals(userRow, runtime.userRowOfId(runtime.userIdAtRow(userRow)), name);
        }
      }
    }
  }

  private static void checkRows(
      DeviceRuntime runtime, int found, int[] rows, float[] scores, String name) {
    int items = runtime.info().items();
    for (int rank = 0; rank < found; rank++) {
      assertTrue(rows[rank] >= 0 && rows[rank] < items, name);
      assertTrue(!Float.isNaN(scores[rank]), name);
      if (runtime.hasItemIds()) {
        // Two groups may hold the same id, as only a strange writer would have it.
        int id = runtime.itemIdAtRow(rows[rank]);
        assertEquals(id, runtime.itemIdAtRow(runtime.rowOfItemId(id)), name);
      }
    }
  }

  private void record(int mutations, long nanos) throws IOException {
    String file = System.getProperty("concertina.fuzz.record");
    if (file == null) {
      return;
    }
    StringBuilder fields = new StringBuilder();
    refusals.forEach(
        (field, count) ->
            fields.append(fields.isEmpty() ? "" : ",").append("\"%s\":%d".formatted(field, count)));
    String line =
        "{\"run\":\"artifact-fuzz\",\"date\":\"%s\",\"seed\":%d,\"mutations\":%d,\"seconds\":%.1f,\"soundAndServed\":%d,\"unnoticed\":0,\"refusedBy\":{%s}}%n"
            .formatted(Instant.now(), SEED, mutations, nanos / 1e9, served, fields);
    Files.writeString(Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
