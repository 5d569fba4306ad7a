package org.concertina.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users in an artifact: every vector and id comes back, and costs what the layout says. */
class StoredUsersTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void vectorsAndIdsRoundTrip(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20; round++) {
      Precision precision = random.nextBoolean() ? Precision.FP32 : Precision.INT8;
      try (ArtifactFixture plain = ArtifactFixture.random(random.nextLong())) {
        ArtifactFixture fixture =
            plain.withUsers(random.nextLong(), random.nextInt(1, 200), precision);
        Path file = dir.resolve("users.cnct");
        ArtifactInfo written = fixture.write(file);
        long bytes = fixture.layout().fileBytes(fixture.config());
        assertEquals(bytes, Files.size(file));
        boolean int2 = fixture.config().precisions().contains(Precision.INT2);
        assertEquals(int2 ? 5 : 4, written.formatVersion());
        try (Artifact artifact = ArtifactReader.open(file, MemoryCap.ofBytes(bytes))) {
          assertEquals(written.users(), artifact.info().users());
          assertEquals(bytes, artifact.info().layout().fileBytes(artifact.info().config()));
          assertUsers(fixture.users(), artifact.users());
        }
      }
    }
  }

  /** As the format's description says. */
  private static void assertUsers(UserVectors expected, StoredUsers stored) {
    FloatTable table = expected.vectors();
    assertEquals(table.rows(), stored.count());
    for (int row = 0; row < stored.count(); row++) {
      float[] vector = new float[table.dim()];
      for (int k = 0; k < vector.length; k++) {
        vector[k] = table.get(row, k);
      }
      if (expected.precision() == Precision.INT8) {
        float largest = 0;
        for (float value : vector) {
          largest = Math.max(largest, Math.abs(value));
        }
        for (int k = 0; k < vector.length && largest > 0; k++) {
          vector[k] = (float) Math.rint(vector[k] * 127.0 / largest) + 0f;
        }
      }
      float[] copied = new float[table.dim() + 3];
      stored.copyVector(row, MemorySegment.ofArray(copied), 2 * Float.BYTES);
      assertArrayEquals(vector, Arrays.copyOfRange(copied, 2, 2 + vector.length), 0f);
      assertEquals(0f, copied[1] + copied[copied.length - 1]);
      assertEquals(expected.ids()[row], stored.idAtRow(row));
      assertEquals(row, stored.rowOfId(expected.ids()[row]));
    }
    assertEquals(-1, stored.rowOfId(expected.ids()[stored.count() - 1] + 1L));
    assertEquals(-1, stored.rowOfId(Long.MIN_VALUE));
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "INT8"})
  void usersOfManyGroupsAndBuffersRoundTrip(Precision precision) throws Exception {
    try (ArtifactFixture plain =
        ArtifactFixture.of(5, Groups.ofStarts(0, 30), new BlockShape(8, 8))) {
      ArtifactFixture fixture = plain.withUsers(9, 3 * 4096 + 1, precision);
      Path file = dir.resolve("many.cnct");
      fixture.write(file);
      try (Artifact artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
        assertUsers(fixture.users(), artifact.users());
      }
    }
  }

  @Test
  void idsThatAreRowNumbersTakeNoBytes() throws Exception {
    try (ArtifactFixture plain = ArtifactFixture.random(3)) {
      FloatTable vectors = plain.randomUsers(1, 100);
      int[] ids = IntStream.range(0, 100).toArray();
      Path file = dir.resolve("dense.cnct");
      ArtifactInfo info =
          plain.withUsers(new UserVectors(vectors, ids, Precision.INT8)).write(file);
      assertEquals(100L * plain.shape().dim(), info.userSectionBytes());
      try (Artifact artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
        assertTrue(artifact.users().hasIds());
        for (int id = -2; id < 102; id++) {
          assertEquals(id < 0 || id > 99 ? -1 : id, artifact.users().rowOfId(id));
        }
        assertEquals(-1, artifact.users().rowOfId(1L << 32));
        assertEquals(99, artifact.users().idAtRow(99));
        assertThrows(IndexOutOfBoundsException.class, () -> artifact.users().idAtRow(100));
      }
    }
  }

  @Test
  void idsAreOptional() throws Exception {
    try (ArtifactFixture plain = ArtifactFixture.random(3)) {
      UserVectors users = new UserVectors(plain.randomUsers(1, 9), null, Precision.FP32);
      Path file = dir.resolve("no-ids.cnct");
      plain.withUsers(users).write(file);
      try (Artifact artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
        StoredUsers stored = artifact.users();
        assertEquals(9, stored.count());
        assertFalse(stored.hasIds());
        UnsupportedOperationException noIds =
            assertThrows(UnsupportedOperationException.class, () -> stored.rowOfId(0));
        assertTrue(noIds.getMessage().contains(file + ": holds no user ids"), noIds.getMessage());
        assertThrows(UnsupportedOperationException.class, () -> stored.idAtRow(0));
        MemorySegment vector = MemorySegment.ofArray(new float[plain.shape().dim()]);
        stored.copyVector(8, vector, 0);
        assertThrows(IndexOutOfBoundsException.class, () -> stored.copyVector(9, vector, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> stored.copyVector(-1, vector, 0));
      }
    }
  }

  @Test
  void withoutUsersThereAreNone() throws Exception {
    try (ArtifactFixture fixture = ArtifactFixture.random(3)) {
      Path file = dir.resolve("none.cnct");
      ArtifactInfo info = fixture.write(file);
      assertTrue(info.users().isEmpty() && info.formatVersion() != 4);
      try (Artifact artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
        assertFalse(artifact.hasUsers());
        UnsupportedOperationException none =
            assertThrows(UnsupportedOperationException.class, artifact::users);
        assertTrue(none.getMessage().contains(file + ": holds no users"), none.getMessage());
      }
    }
  }

  /** Elements so small or large that a scale in floats would be zero or infinite. */
  @Test
  void everyFiniteVectorKeepsItsDirectionInBytes() {
    float[][] vectors = {
      {Float.MIN_VALUE, -Float.MIN_VALUE, 0},
      {1e30f, -5e29f, 1e28f},
      {1000 * Float.MIN_VALUE, 300 * Float.MIN_VALUE, -10 * Float.MIN_VALUE},
      {0, 0, 0}
    };
    byte[][] expected = {{127, -127, 0}, {127, -64, 1}, {127, 38, -1}, {0, 0, 0}};
    for (int i = 0; i < vectors.length; i++) {
      byte[] codes = new byte[3];
      UserCodes.encode(MemorySegment.ofArray(vectors[i]), 0, 3, MemorySegment.ofArray(codes), 0);
      assertArrayEquals(expected[i], codes, Arrays.toString(vectors[i]));
    }
  }

  /** The data set that the project measures on: 29,858 users, numbered from 0. */
  @Test
  void usersOfGowallaTakeTheirVectorsBytes() {
    try (CappedArena arena = CappedArena.unlimited()) {
      FloatTable vectors = FloatTable.allocate(arena, 29_858, 64, "users");
      int[] dense = IntStream.range(0, 29_858).toArray();
      assertEquals(1_910_912, new UserVectors(vectors, dense, Precision.INT8).section().bytes());
      assertEquals(7_643_648, new UserVectors(vectors, dense, Precision.FP32).section().bytes());
      int[] gaps =
          new SplittableRandom(1).ints(0, 60_000).distinct().limit(29_858).sorted().toArray();
      long idBytes = new UserVectors(vectors, gaps, Precision.INT8).section().idBytes();
      assertTrue(idBytes * 8.0 / 29_858 < 3.1, "bits an id: " + idBytes * 8.0 / 29_858);
    }
  }

  @Test
  void badUsersAreNamedAndNothingIsWritten() throws IOException {
    try (ArtifactFixture plain =
        ArtifactFixture.of(1, Groups.ofStarts(0, 9), new BlockShape(2, 2))) {
      Path file = dir.resolve("bad.cnct");
      FloatTable three = plain.randomUsers(1, 3);
      assertRefused("users", () -> new UserVectors(three, null, Precision.INT4));
      assertRefused("userIds", () -> new UserVectors(three, new int[] {1, 2}, Precision.INT8));
      assertRefused("userIds", () -> new UserVectors(three, new int[] {1, 2, 2}, Precision.INT8));
      FloatTable none = FloatTable.allocate(plain.arena(), 0, 4, "no users");
      assertRefused("users", () -> new UserVectors(none, null, Precision.INT8));
      FloatTable longer = FloatTable.allocate(plain.arena(), 3, 5, "longer vectors");
      assertRefused(
          "users",
          () -> plain.withUsers(new UserVectors(longer, null, Precision.FP32)).write(file));
      for (Precision precision : List.of(Precision.FP32, Precision.INT8)) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 2e30f}) {
          three.set(2, 3, bad);
          ArtifactFixture users =
              plain.withUsers(new UserVectors(three, new int[] {4, 5, 77}, precision));
          assertTrue(assertRefused("users", () -> users.write(file)).contains("user 77"));
        }
      }
      try (Stream<Path> files = Files.list(dir)) {
        assertEquals(List.of(), files.toList());
      }
    }
  }

  private static String assertRefused(String argument, Executable e) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, e);
    assertTrue(refused.getMessage().startsWith(argument + ":"), refused.getMessage());
    return refused.getMessage();
  }

  @Test
  void usersCountAgainstTheCap() throws IOException {
    try (ArtifactFixture plain = ArtifactFixture.random(3)) {
      Path without = dir.resolve("without.cnct");
      long smaller = plain.write(without).fileBytes();
      Path file = dir.resolve("with.cnct");
      ArtifactInfo info = plain.withUsers(1, 300, Precision.INT8).write(file);
      assertTrue(info.fileBytes() - smaller >= info.userSectionBytes());
      MemoryCap cap = MemoryCap.ofBytes(info.fileBytes() - 1);
      assertThrows(MemoryCapExceededException.class, () -> ArtifactReader.open(file, cap));
      assertEquals(0, cap.usedBytes());
      MemoryCap enough = MemoryCap.ofBytes(info.fileBytes());
      Artifact artifact = ArtifactReader.open(file, enough);
      artifact.close();
      MemorySegment vector = MemorySegment.ofArray(new float[plain.shape().dim()]);
      assertThrows(IllegalStateException.class, () -> artifact.users().copyVector(0, vector, 0));
      assertEquals(0f, vector.getAtIndex(ValueLayout.JAVA_FLOAT, 0));
    }
  }
}
