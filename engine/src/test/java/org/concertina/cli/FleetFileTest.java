package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.judge.Verdict;
import org.concertina.search.FrontPoint;
import org.concertina.search.Objective;
import org.concertina.search.ParetoFront;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetFileTest {
  private static final BlockShape SHAPE = new BlockShape(4, 8);
  private static final ArtifactLayout LAYOUT =
      new ArtifactLayout(Groups.equalCount(1_600, 2), SHAPE, 0);

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("devices.csv");
  }

  private static ParetoFront front() {
    List<FrontPoint> points = new ArrayList<>();
    for (int blocks = 1; blocks <= SHAPE.blocks(); blocks++) {
      ElasticConfig config = ElasticConfig.uniform(SHAPE, 2, blocks, Precision.INT8);
      Verdict verdict = new Verdict(0.1 * blocks, 0.05 * blocks);
      points.add(
          new FrontPoint(
              LAYOUT.fileBytes(config),
              config,
              verdict,
              blocks % 2 == 0 ? Optional.of(verdict) : Optional.empty()));
    }
    return ParetoFront.of(Objective.RECALL, points);
  }

  private String error(String text) throws IOException {
    Files.writeString(file, text);
    return assertThrows(CommandFailure.class, () -> FleetFile.read(file)).getMessage();
  }

  @Test
  void writesAConfigurationForEveryClass() throws IOException, CommandFailure {
    Files.writeString(
        file, "\uFEFFname, budget\r\nwatch,20KB\r\n\r\n\"phone, \"\"old\"\"\",25%\nserver,1GB\n");
    List<FleetFile.DeviceClass> fleet = FleetFile.read(file);
    assertEquals(
        List.of("watch 2", "phone, \"old\" 4", "server 5"),
        fleet.stream().map(device -> device.name() + " " + device.line()).toList());
    Path out = folder.resolve("out.csv");
    FleetFile.write(out, fleet, FleetFile.choose(file, fleet, front(), LAYOUT), LAYOUT);
    assertEquals(
        List.of(
            "name,budgetBytes,fileBytes,selectionRecallAt20,selectionNdcgAt20,"
                + "confirmationRecallAt20,confirmationNdcgAt20,configuration",
            "watch,20000,13184,0.100000,0.050000,,,int8:1 int8:1",
            "\"phone, \"\"old\"\"\",51200,38784,0.300000,0.150000,,,int8:7 int8:7",
            "server,1000000000,51584,0.400000,0.200000,0.400000,0.200000,int8:f int8:f"),
        Files.readAllLines(out));
    assertTrue(Files.notExists(folder.resolve("out.csv.tmp")));
  }

  @Test
  void whereAGroupIsDroppedThereIsAColumnForTheCoverage() throws IOException, CommandFailure {
    Files.writeString(file, "name,budget\nwatch,20KB\nserver,1GB\n");
    List<FleetFile.DeviceClass> fleet = FleetFile.read(file);
    ElasticConfig dropped =
        ElasticConfig.uniform(SHAPE, 2, 1, Precision.INT8).withChoice(1, BlockChoice.DROPPED);
    FrontPoint small =
        new FrontPoint(
            LAYOUT.fileBytes(dropped), dropped, new Verdict(0.05, 0.02), Optional.empty());
    List<FrontPoint> chosen = FleetFile.choose(file, fleet, front(), LAYOUT);
    Path out = folder.resolve("out.csv");
    FleetFile.write(out, fleet, List.of(small, chosen.getLast()), LAYOUT);
    List<String> lines = Files.readAllLines(out);
    assertTrue(lines.getFirst().endsWith("configuration,catalogueCoverage"), lines.getFirst());
    assertTrue(lines.get(1).endsWith(",int8:1 dropped,0.500000"), lines.get(1));
    assertTrue(lines.get(2).endsWith(",int8:f int8:f,1.000000"), lines.get(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name;budget|line 1|expected the header name,budget
          device,budget|line 1|expected the header name,budget
          name,budget/watch|line 2|such as watch,2MB
          name,budget/watch,2MB/phone,1,5MB|line 3|got 3 fields
          name,budget/watch,2MB/ ,1MB|line 3|has no name
          name,budget/watch,much|line 2|expected a number of bytes
          name,budget/watch,0|line 2|more than 0
          name,budget/watch,2MB/tv,9MB/watch,1MB|line 4|stands in line 2 already
          name,budget|devices.csv|has no device class
          name,budget/"watch,2MB|devices.csv|close every quote
          """)
  void wrongLinesAreNamed(String text, String place, String remedy) throws IOException {
    String message = error(text.replace('/', '\n'));
    assertTrue(message.contains("devices.csv"), message);
    assertTrue(message.contains(place), message);
    assertTrue(message.contains(remedy), message);
  }

  @Test
  void emptyAndBinaryFilesAreRefused() throws IOException {
    assertTrue(error("").contains("has no device class"));
    Files.write(file, new byte[] {'n', 'a', 'm', 'e', (byte) 0xC3, (byte) 0x28, '\n'});
    assertThrows(CommandFailure.class, () -> FleetFile.read(file));
    Files.write(file, "name,budget\nZähler,1MB\n".getBytes(StandardCharsets.UTF_8));
    assertEquals(1, assertReads());
  }

  private int assertReads() throws IOException {
    try {
      return FleetFile.read(file).size();
    } catch (CommandFailure refused) {
      throw new AssertionError(refused);
    }
  }

  @Test
  void aBudgetTooSmallIsNamedWithItsLine() throws IOException, CommandFailure {
    Files.writeString(file, "name,budget\nwatch,20KB\ntag,1KB\n");
    List<FleetFile.DeviceClass> fleet = FleetFile.read(file);
    String message =
        assertThrows(CommandFailure.class, () -> FleetFile.choose(file, fleet, front(), LAYOUT))
            .getMessage();
    for (String part : List.of("devices.csv line 3", "'tag'", "13184", "raise the budget")) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void tenThousandClassesTakeSeconds() throws IOException, CommandFailure {
    StringBuilder text = new StringBuilder("name,budget\n");
    for (int i = 0; i < 10_000; i++) {
      text.append("device-").append(i).append(',').append(20_000 + i).append('\n');
    }
    Files.writeString(file, text);
    long start = System.nanoTime();
    List<FleetFile.DeviceClass> fleet = FleetFile.read(file);
    Path out = folder.resolve("out.csv");
    FleetFile.write(out, fleet, FleetFile.choose(file, fleet, front(), LAYOUT), LAYOUT);
    double seconds = (System.nanoTime() - start) * 1e-9;
    assertEquals(10_001, Files.readAllLines(out).size());
    assertTrue(seconds < 10, seconds + " s");
  }
}
