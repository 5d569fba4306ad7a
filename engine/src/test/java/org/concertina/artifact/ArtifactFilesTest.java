package org.concertina.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ArtifactFilesTest {
  private static final BlockShape SHAPE = new BlockShape(4, 3);

  @TempDir Path dir;
  private ArtifactFixture fixture;

  @BeforeEach
  void makeFixture() {
    fixture = ArtifactFixture.of(1, Groups.equalCount(100, 4), SHAPE);
  }

  @AfterEach
  void closeFixture() {
    fixture.close();
  }

  @Test
  void onlyARegularFileIsOpened() {
    FileSystemException directory =
        assertThrows(
            FileSystemException.class, () -> ArtifactReader.open(dir, MemoryCap.unlimited()));
    assertTrue(directory.getMessage().contains("not a regular file"), directory.getMessage());
    assertThrows(
        NoSuchFileException.class,
        () -> ArtifactReader.open(dir.resolve("absent"), MemoryCap.unlimited()));
  }

  @Test
  void linksAreFollowedAndTheirTargetIsVerified() throws IOException {
    Path file = dir.resolve("a.cnct");
    fixture.write(file);
    Path link = Files.createSymbolicLink(dir.resolve("link"), file);
    MemoryCap cap = MemoryCap.ofBytes(1 << 20);
    ArtifactReader.open(link, cap).close();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThrows(ArtifactCorruptException.class, () -> ArtifactReader.open(link, cap));
    Files.delete(file);
    assertThrows(NoSuchFileException.class, () -> ArtifactReader.open(link, cap));
    Path toDirectory = Files.createSymbolicLink(dir.resolve("to-directory"), dir);
    assertThrows(FileSystemException.class, () -> ArtifactReader.open(toDirectory, cap));
    Path loop = dir.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    assertThrows(FileSystemException.class, () -> ArtifactReader.open(loop, cap));
    assertEquals(0, cap.usedBytes());
  }

  @Test
  void aCapOneByteTooSmallRefusesAndKeepsNothing() throws IOException {
    Path file = dir.resolve("a.cnct");
    long bytes = fixture.write(file).fileBytes();
    MemoryCap small = MemoryCap.ofBytes(bytes - 1);
    assertThrows(MemoryCapExceededException.class, () -> ArtifactReader.open(file, small));
    assertEquals(0, small.usedBytes());
    MemoryCap enough = MemoryCap.ofBytes(bytes);
    Artifact artifact = ArtifactReader.open(file, enough);
    assertEquals(bytes, enough.usedBytes());
    artifact.close();
    artifact.close();
    assertEquals(0, enough.usedBytes());
    assertThrows(
        IllegalStateException.class, () -> artifact.segment().get(ValueLayout.JAVA_BYTE, 0));
    assertThrows(IllegalStateException.class, () -> artifact.idAtRow(0));
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = dir.resolve("a.cnct");
    fixture.write(file);
    byte[] before = Files.readAllBytes(file);
    fixture.items().set(99, 11, Float.NaN);
    ArtifactFixture full = fixture.withConfig(ElasticConfig.full(SHAPE, 4));
    assertThrows(IllegalArgumentException.class, () -> full.write(file));
    ArtifactFixture bytes = fixture.withConfig(ElasticConfig.uniform(SHAPE, 4, 4, Precision.INT8));
    assertThrows(IllegalArgumentException.class, () -> bytes.write(file));
    assertArrayEquals(before, Files.readAllBytes(file));
    assertEquals(List.of(file), filesIn(dir));
  }

  @Test
  void aDirectoryIsNotWrittenOver() throws IOException {
    Path directory = Files.createDirectory(dir.resolve("d"));
    assertThrows(FileSystemException.class, () -> fixture.write(directory));
    assertThrows(
        NoSuchFileException.class, () -> fixture.write(dir.resolve("absent").resolve("a")));
    assertEquals(List.of(directory), filesIn(dir));
  }

  @Test
  void replacesAFile() throws IOException {
    Path file = dir.resolve("a.cnct");
    Files.writeString(file, "old");
    long bytes = fixture.write(file).fileBytes();
    assertEquals(bytes, Files.size(file));
    assertEquals(List.of(file), filesIn(dir));
  }

  @Test
  void sizesThatDisagreeAreNamed() throws IOException {
    Path file = dir.resolve("a.cnct");
    assertRefused("config", () -> fixture.withConfig(ElasticConfig.full(SHAPE, 3)).write(file));
    assertRefused(
        "items",
        () ->
            ArtifactWriter.write(
                file,
                fixture.items(),
                null,
                new BlockShape(4, 4),
                fixture.order(),
                ElasticConfig.full(new BlockShape(4, 4), 4),
                fixture.ids(),
                ArtifactFixture.PROVENANCE));
    assertRefused(
        "ids",
        () ->
            ArtifactWriter.write(
                file,
                fixture.items(),
                null,
                SHAPE,
                fixture.order(),
                fixture.config(),
                new int[99],
                ArtifactFixture.PROVENANCE));
    assertEquals(List.of(), filesIn(dir));
  }

  private static void assertRefused(String argument, Executable e) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, e);
    assertTrue(refused.getMessage().startsWith(argument + ":"), refused.getMessage());
  }

  private static List<Path> filesIn(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.toList();
    }
  }
}
