package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.judge.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrontFileTest {
  private static final BlockShape SHAPE = new BlockShape(64, 2);
  private static final Groups GROUPS = Groups.ofStarts(0, 7, 20);
  private static final FrontProvenance PROVENANCE =
      new FrontProvenance("0123456789abcdef", "ff", "77", Long.MIN_VALUE, "0.1.0");

  @TempDir private Path folder;

  static FrontPoint point(long bytes, double selection, double confirmation) {
    return new FrontPoint(
        bytes,
        new ElasticConfig(
            SHAPE,
            List.of(
                new BlockChoice(-1L, Precision.FP32),
                new BlockChoice(1L << 63 | bytes, Precision.INT8))),
        new Verdict(selection, selection / 3),
        Optional.of(new Verdict(confirmation, confirmation / 3)));
  }

  private static FrontFile example() {
    FrontPoint alone =
        new FrontPoint(
            50,
            ElasticConfig.uniform(SHAPE, 2, 1, Precision.INT8),
            new Verdict(0.05, 0.01),
            Optional.empty());
    ParetoFront front =
        ParetoFront.of(Objective.NDCG, List.of(point(100, 0.1, 0.2), point(200, 0.3, 0.1), alone));
    return new FrontFile(PROVENANCE, SHAPE, GROUPS, front);
  }

  @Test
  void comesBackAsItWas() throws IOException {
    Path file = folder.resolve("front.json");
    Files.writeString(file, "older");
    FrontFile written = example();
    written.write(file);
    FrontFile read = FrontFile.read(file);
    assertEquals(PROVENANCE, read.provenance());
    assertEquals(SHAPE, read.shape());
    assertEquals(
        List.of(0, 7, 20), Stream.of(0, 1, 2).map(i -> read.groups().starts()[i]).toList());
    assertEquals(Objective.NDCG, read.front().objective());
    assertEquals(3, read.front().points().size());
    assertEquals(written.front().points(), read.front().points());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void droppedGroupsComeBackAndHaveNoPrecision() throws IOException {
    Path file = folder.resolve("front.json");
    ElasticConfig config =
        new ElasticConfig(
            SHAPE, List.of(BlockChoice.prefix(1, Precision.INT8), BlockChoice.DROPPED));
    FrontPoint point = new FrontPoint(40, config, new Verdict(0.1, 0.1), Optional.empty());
    FrontFile written =
        new FrontFile(PROVENANCE, SHAPE, GROUPS, ParetoFront.of(Objective.RECALL, List.of(point)));
    written.write(file);
    assertTrue(Files.readString(file).contains("\"precisions\" : [ \"int8\" ]"));
    assertEquals(List.of(point), FrontFile.read(file).front().points());
    Files.writeString(
        file, Files.readString(file).replace("\"blocks\" : [ 0 ]", "\"blocks\" : [ ]"));
    assertThrows(FrontFormatException.class, () -> FrontFile.read(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\" : 1|\"version\" : 2|version: expected 1, got 2",
        "concertina-front|something|format",
        "\"ndcg\"|\"nDCG\"|ndcg: missing",
        "\"objective\" : \"ndcg\"|\"objective\" : \"best\"|objective: unknown value 'best'",
        "\"int8\"|\"int7\"|precision: unknown value 'int7'",
        "\"blocks\" : [ 0 ]|\"blocks\" : [ 64 ]|blocks: expected 0 to 63, got 64",
        "\"blocks\" : [ 0 ]|\"blocks\" : [ ]|blocks: expected one at least",
        "\"blocks\" : [ 0 ]|\"blocks\" : 0|blocks: expected a list",
        "\"groupStarts\" : [ 0, 7, 20 ]|\"groupStarts\" : [ 0, 20 ]|groups",
        "\"groupStarts\" : [ 0, 7, 20 ]|\"groupStarts\" : [ 0, 7.5, 20 ]|groupStarts",
        "\"fileBytes\" : 50|\"fileBytes\" : 0|fileBytes",
        "\"fileBytes\" : 50|\"fileBytes\" : \"50\"|fileBytes: expected a whole number",
        "\"provenance\"|\"origin\"|provenance: missing",
        "}|]|expected JSON",
      })
  void damageIsNamed(String from, String to, String expected) throws IOException {
    Path file = folder.resolve("front.json");
    example().write(file);
    String text = Files.readString(file);
    assertTrue(text.contains(from), text);
    Files.writeString(file, text.replace(from, to));
    FrontFormatException error =
        assertThrows(FrontFormatException.class, () -> FrontFile.read(file));
    String message = error.getMessage();
    assertTrue(message.contains("front.json") && message.contains(expected), message);
    assertTrue(message.contains("write it again"), message);
  }

  @ParameterizedTest
  @CsvSource({"''", "'{'", "'[]'", "'null'", "'{}'"})
  void otherFilesAreNoFronts(String text) throws IOException {
    Path file = folder.resolve("other.json");
    Files.writeString(file, text);
    assertThrows(FrontFormatException.class, () -> FrontFile.read(file));
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    Path file = folder.resolve("front.json");
    example().write(file);
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length - 1; length += 97) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThrows(FrontFormatException.class, () -> FrontFile.read(file), "at " + length);
    }
  }

  @Test
  void missingFileIsAnIoError() {
    assertThrows(NoSuchFileException.class, () -> FrontFile.read(folder.resolve("none.json")));
  }
}
