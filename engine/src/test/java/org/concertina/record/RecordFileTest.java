package org.concertina.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordFileTest {
  private static final Map<String, Object> PARAMETERS = Map.of("dim", 64, "name", "ä\n\"b\"");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("a.records.jsonl");
  }

  private Result append(double score) throws IOException {
    try (RecordLog log = RecordLog.open(file, Run.begin("test", List.of("--x", "1")))) {
      return log.append(
          "bench",
          "panama-256",
          PARAMETERS,
          new Measurement(score, 0.25, "us/op", 16.0, Map.of("ndcg", 0.5)));
    }
  }

  @Test
  void whatIsAppendedIsRead() throws IOException {
    Result first = append(1.5);
    Result second = append(2.5);
    List<Recorded> read = RecordReader.read(folder);
    assertEquals(List.of(first, second), read.stream().map(Recorded::result).toList());
    Result result = read.getFirst().result();
    assertEquals(RecordKey.of("bench", PARAMETERS), result.key());
    assertEquals(0.5, result.number("ndcg"));
    assertTrue(Double.isNaN(result.number("absent")));
    Run run = read.getFirst().run();
    assertEquals(List.of("--x", "1"), run.arguments());
    for (String key :
        List.of("commit", "dirty", "cpu", "cpuFlags", "cores", "memoryBytes", "jdk", "jvmFlags")) {
      assertTrue(run.environment().containsKey(key), key);
    }
    assertEquals(
        List.of(second), RecordReader.latest(read).stream().map(Recorded::result).toList());
  }

  @Test
  void whatIsNotFiniteIsNull() throws IOException {
    assertNull(append(Double.NaN).score());
    assertNull(RecordReader.read(file).getFirst().result().score());
  }

  @Test
  void aRunWithoutResultsLeavesNoLine() throws IOException {
    RecordLog.open(file, Run.begin("test", List.of())).close();
    assertEquals(0, Files.size(file));
  }

  @Test
  void halfOfALastLineIsCutOff() throws IOException {
    append(1);
    Files.writeString(file, "{\"schema\":1,\"type\":\"res", StandardOpenOption.APPEND);
    assertEquals(1, RecordReader.read(file).size(), "a reader leaves it out");
    try (RecordLog log = RecordLog.open(file, Run.begin("test", List.of()))) {
      assertTrue(log.repaired().contains("cut off 23 bytes"), log.repaired());
      log.append("bench", "scalar", Map.of(), Measurement.of(2, "x", Map.of()));
    }
    assertEquals(2, RecordReader.read(file).size());
  }

  @Test
  void aWholeLastLineWithoutItsEndIsKept() throws IOException {
    append(1);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    append(2);
    assertEquals(2, RecordReader.read(file).size());
  }

  @Test
  void oneWriterAtATime() throws IOException {
    try (RecordLog log = RecordLog.open(file, Run.begin("test", List.of()))) {
      assertEquals("", log.repaired());
      IOException refused =
          assertThrows(IOException.class, () -> RecordLog.open(file, Run.begin("test", List.of())));
      assertTrue(refused.getMessage().contains("another run"), refused.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | expected a line of JSON",
        "[] | expected a JSON object",
        "{} | schema",
        "{\"schema\":2} | newer",
        "{\"schema\":1,\"type\":\"walk\"} | type",
        "{\"schema\":1,\"type\":\"result\",\"run\":\"r\"} | no result",
        "{\"schema\":1,\"type\":\"run\",\"id\":\"r\",\"more\":1} | no run"
      })
  void aMalformedLineIsNamed(String line, String what) throws IOException {
    append(1);
    Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
    RecordFormatException named =
        assertThrows(RecordFormatException.class, () -> RecordReader.read(folder));
    assertTrue(named.getMessage().startsWith(file + ":3: "), named.getMessage());
    assertTrue(named.getMessage().contains(what), named.getMessage());
  }

  @Test
  void aResultNeedsItsRun() throws IOException {
    append(1);
    List<String> lines = Files.readAllLines(file);
    Files.writeString(file, lines.getLast() + "\n");
    RecordFormatException named =
        assertThrows(RecordFormatException.class, () -> RecordReader.read(file));
    assertTrue(named.getMessage().startsWith(file + ":1: a result of the run"), named.getMessage());
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThrows(NoSuchFileException.class, () -> RecordReader.read(folder.resolve("none")));
  }

  @Test
  void keysDependOnSettingsAlone() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("a", 1);
    one.put("b", "x");
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("b", "x");
    other.put("a", 1);
    assertEquals(RecordKey.of("n", one), RecordKey.of("n", other));
    assertNotEquals(RecordKey.of("n", one), RecordKey.of("m", one));
    other.put("a", 2);
    assertNotEquals(RecordKey.of("n", one), RecordKey.of("n", other));
  }
}
