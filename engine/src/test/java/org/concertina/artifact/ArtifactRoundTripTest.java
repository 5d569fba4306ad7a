package org.concertina.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.GroupPacker;
import org.concertina.block.GroupPrior;
import org.concertina.block.Groups;
import org.concertina.block.IdBytes;
import org.concertina.block.Precision;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactRoundTripTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void sizeIsWhatTheLayoutSaysAndContentIsWhatThePackerSays(long seed) throws Exception {
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int round = 0; round < 25; round++) {
      try (ArtifactFixture fixture = ArtifactFixture.random(seeds.nextLong())) {
        Path file = dir.resolve("random.cnct");
        ArtifactInfo written = fixture.write(file);
        long bytes = fixture.layout().fileBytes(fixture.config());
        assertEquals(bytes, Files.size(file));
        assertEquals(bytes, written.fileBytes());
        try (Artifact artifact = ArtifactReader.open(file, MemoryCap.ofBytes(bytes))) {
          assertInfo(fixture, written);
          assertInfo(fixture, artifact.info());
          assertRows(fixture, artifact);
          assertPriors(fixture, artifact);
          assertIds(fixture, artifact);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void droppedGroupsAreThereInNameOnly(long seed) throws Exception {
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int round = 0; round < 25; round++) {
      try (ArtifactFixture whole = ArtifactFixture.random(seeds.nextLong())) {
        ArtifactFixture fixture = whole.withDropped(seeds.nextLong());
        Path file = dir.resolve("dropped.cnct");
        ArtifactInfo written = fixture.write(file);
        assertEquals(fixture.layout().fileBytes(fixture.config()), Files.size(file));
        assertEquals(Files.size(file), written.fileBytes());
        try (Artifact artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
          assertInfo(fixture, written);
          assertInfo(fixture, artifact.info());
          assertEquals(written.idSectionBytes(), artifact.info().idSectionBytes());
          assertEquals(fixture.config().coverage(fixture.groups()), written.coverage());
          assertRows(fixture, artifact);
          assertPriors(fixture, artifact);
          assertIds(fixture, artifact);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void sizeIsExactForManyConfigurationsOfOneTable(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (ArtifactFixture fixture =
        ArtifactFixture.of(seed, Groups.equalCount(333, 9), new BlockShape(8, 4))) {
      Path file = dir.resolve("many.cnct");
      for (int round = 0; round < 60; round++) {
        ElasticConfig config = ArtifactFixture.randomConfig(random, fixture.shape(), 9);
        ArtifactInfo info = fixture.withConfig(config).write(file);
        assertEquals(fixture.layout().fileBytes(config), Files.size(file));
        assertEquals(info.fileBytes(), Files.size(file));
        assertEquals(info.fileBytes(), info.layout().fileBytes(info.config()));
      }
    }
  }

  @Test
  void rowsOfManyTilesAreStreamedInPieces() throws Exception {
    BlockShape shape = new BlockShape(8, 16);
    try (ArtifactFixture random =
        ArtifactFixture.of(5, Groups.ofStarts(0, 3001, 5000, 7900), shape)) {
      ArtifactFixture fixture =
          random.withConfig(
              new ElasticConfig(
                  shape,
                  List.of(
                      BlockChoice.prefix(8, Precision.FP32),
                      BlockChoice.prefix(3, Precision.INT8),
                      BlockChoice.prefix(7, Precision.INT4))));
      Path file = dir.resolve("large.cnct");
      fixture.write(file);
      try (Artifact artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
        assertRows(fixture, artifact);
      }
    }
  }

  @Test
  void aPriorLargerThanTheBufferIsStreamedInPieces() throws Exception {
    try (ArtifactFixture random =
        ArtifactFixture.of(6, Groups.ofStarts(0, 40, 1_100_000), new BlockShape(1, 1))) {
      ArtifactFixture fixture = random.withPrior(random.randomPrior(6));
      Path file = dir.resolve("large-prior.cnct");
      fixture.write(file);
      try (Artifact artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
        assertPriors(fixture, artifact);
      }
    }
  }

  @Test
  void aPriorOfAnotherSizeIsRefused() throws Exception {
    try (ArtifactFixture fixture = ArtifactFixture.random(3)) {
      MemorySegment longer = fixture.arena().allocateFloats(fixture.ids().length + 1L, "prior");
      assertThrows(
          IllegalArgumentException.class,
          () -> fixture.withPrior(longer).write(dir.resolve("longer.cnct")));
    }
  }

  @Test
  void idsAreOptional() throws Exception {
    try (ArtifactFixture fixture = ArtifactFixture.random(3)) {
      Path file = dir.resolve("no-ids.cnct");
      ArtifactInfo info =
          ArtifactWriter.write(
              file,
              fixture.items(),
              fixture.prior(),
              fixture.shape(),
              fixture.order(),
              fixture.config(),
              null,
              ArtifactFixture.PROVENANCE);
      assertFalse(info.hasIds());
      assertEquals(
          new ArtifactLayout(
                  fixture.groups(),
                  fixture.shape(),
                  IdBytes.NONE,
                  CodedPriors.of(fixture.prior(), fixture.order()))
              .fileBytes(fixture.config()),
          Files.size(file));
      try (Artifact artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
        assertFalse(artifact.hasIds());
        assertFalse(artifact.info().hasIds());
        assertThrows(UnsupportedOperationException.class, () -> artifact.idAtRow(0));
        assertThrows(UnsupportedOperationException.class, () -> artifact.rowOfId(0));
      }
    }
  }

  @Test
  void sameInputGivesTheSameBytes() throws Exception {
    try (ArtifactFixture fixture = ArtifactFixture.random(8)) {
      fixture.write(dir.resolve("a"));
      fixture.write(dir.resolve("b"));
      assertArrayEquals(Files.readAllBytes(dir.resolve("a")), Files.readAllBytes(dir.resolve("b")));
    }
  }

  @Test
  void provenanceIsShortPrintableText() {
    for (String version : new String[] {"", "12345678901234567", "a b", "\u00e9", "a\u0000"}) {
      assertThrows(IllegalArgumentException.class, () -> new Provenance(1, 2, 3, version), version);
    }
    assertEquals("1234567890123456", new Provenance(1, 2, 3, "1234567890123456").engineVersion());
  }

  private static void assertInfo(ArtifactFixture fixture, ArtifactInfo info) {
    boolean int4 = fixture.config().precisions().contains(Precision.INT4);
    boolean prior = fixture.prior() != null;
    boolean uniform = prior && !info.priors().areAllCoded(info.groups().count());
    boolean drops = fixture.config().coverage(fixture.groups()) < 1;
    boolean int2 = fixture.config().precisions().contains(Precision.INT2);
    int expected = drops || uniform ? 3 : int4 || prior ? 2 : 1;
    assertEquals(int2 ? 5 : expected, info.formatVersion());
    assertEquals(
        CodedPriors.of(fixture.prior(), fixture.order()).without(fixture.config().dropped()),
        info.priors());
    assertEquals(prior, info.hasPrior());
    assertArrayEquals(fixture.groups().starts(), info.groups().starts());
    assertEquals(fixture.config(), info.config());
    assertEquals(ArtifactFixture.PROVENANCE, info.provenance());
    assertEquals(fixture.ids().length, info.items());
    assertTrue(info.hasIds());
  }

  private static void assertPriors(ArtifactFixture fixture, Artifact artifact) {
    Groups groups = fixture.groups();
    for (int g = 0; g < groups.count(); g++) {
      if (fixture.prior() == null) {
        assertNull(artifact.prior(g));
        continue;
      }
      if (fixture.config().choice(g).isDropped()) {
        assertEquals(new GroupPrior(0, 0), artifact.prior(g));
        continue;
      }
      MemorySegment codes = fixture.arena().allocate(groups.size(g), "expected codes");
      GroupPrior expected = GroupPrior.pack(fixture.prior(), fixture.order(), g, codes, 0);
      assertEquals(expected, artifact.prior(g));
      if (!artifact.info().priors().isCoded(g)) {
        assertEquals(0f, expected.scale());
        continue;
      }
      long at = artifact.priorOffsetBytes(g);
      assertEquals(0, at % ArtifactLayout.ALIGNMENT_BYTES);
      assertEquals(-1, codes.mismatch(artifact.segment().asSlice(at, groups.size(g))));
    }
  }

  private static void assertIds(ArtifactFixture fixture, Artifact artifact) {
    for (int row = 0; row < fixture.ids().length; row++) {
      int at = row;
      if (fixture.isThere(row)) {
        assertEquals(fixture.idAtRow(row), artifact.idAtRow(row));
        assertEquals(row, artifact.rowOfId(fixture.idAtRow(row)));
      } else {
        assertThrows(IndexOutOfBoundsException.class, () -> artifact.idAtRow(at));
        assertEquals(-1, artifact.rowOfId(fixture.idAtRow(row)));
      }
    }
    assertEquals(-1, artifact.rowOfId(fixture.unknownId()));
  }

  private static void assertRows(ArtifactFixture fixture, Artifact artifact) {
    Groups groups = fixture.groups();
    for (int g = 0; g < groups.count(); g++) {
      BlockChoice choice = fixture.config().choice(g);
      int dims = fixture.shape().keptDims(choice);
      MemorySegment values =
          fixture.arena().allocateFloats((long) groups.size(g) * dims, "expected rows");
      float scale =
          GroupPacker.pack(fixture.items(), fixture.shape(), fixture.order(), g, choice, values, 0);
      assertEquals(scale, artifact.scale(g));
      assertEquals(0, artifact.rowsOffsetBytes(g) % ArtifactLayout.ALIGNMENT_BYTES);
      for (int i = 0; i < groups.size(g); i++) {
        for (int k = 0; k < dims; k++) {
          float expected = values.getAtIndex(ValueLayout.JAVA_FLOAT, (long) i * dims + k);
          assertEquals(expected + 0f, stored(artifact, g, choice.precision(), i, k, dims) + 0f);
        }
      }
    }
  }

  /** As the format's description says. */
  private static float stored(
      Artifact artifact, int group, Precision precision, int row, int k, int dims) {
    MemorySegment file = artifact.segment();
    long rows = artifact.rowsOffsetBytes(group);
    long element = ((long) (row / 16) * dims + k) * 16 + row % 16;
    long words = (dims + 3L) / 4;
    long word = (row / 16 * words + k / 4) * 16 + row % 16;
    return switch (precision) {
      case FP32 -> file.get(ValueLayout.JAVA_FLOAT, rows + element * 4);
      case INT8 -> file.get(ValueLayout.JAVA_BYTE, rows + element);
      case INT4 -> {
        int pair = file.get(ValueLayout.JAVA_BYTE, rows + 2 * word + (k % 4 < 2 ? 1 : 0));
        yield k % 2 == 0 ? pair >> 4 : (pair & 15) - (pair & 8) * 2;
      }
      case INT2 -> {
        long at = rows + 2 * ((row / 16 * ((dims + 7L) / 8) + k / 8) * 16 + row % 16);
        int four = file.get(ValueLayout.JAVA_BYTE, at + (k % 8 < 4 ? 1 : 0));
        yield new int[] {1, 3, -3, -1}[four >> (6 - 2 * (k % 4)) & 3];
      }
    };
  }
}
