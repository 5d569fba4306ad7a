package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.judge.Verdict;
import org.concertina.search.Explanation;
import org.concertina.search.Objective;
import org.concertina.search.SearchSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainReportTest {
  private static final BlockShape SHAPE = new BlockShape(4, 8);
  private static final Groups GROUPS = Groups.ofStarts(0, 64, 1_088, 3_136);
  private static final ArtifactLayout LAYOUT = new ArtifactLayout(GROUPS, SHAPE, 0);
  private static final SearchSpace SPACE =
      new SearchSpace(SHAPE, 3, List.of(Precision.INT4, Precision.INT8), false, false, 3);
  private static final ElasticConfig CONFIG =
      new ElasticConfig(
          SHAPE,
          List.of(
              new BlockChoice(0b1111, Precision.INT8),
              new BlockChoice(0b1011, Precision.INT4),
              new BlockChoice(0b0001, Precision.INT4)));

  /** 0.01 for a block of int4, twice that for int8, halved from group to group. */
  private static Verdict judge(ElasticConfig config) {
    double sum = 0;
    for (int g = 0; g < config.groups(); g++) {
      double worth = config.choice(g).precision() == Precision.INT8 ? 0.02 : 0.01;
      sum += worth * config.choice(g).keptBlocks() / (1 << g);
    }
    return new Verdict(sum, sum / 2);
  }

  @Test
  void saysWhatGroupsKeepAndWhatStepsBring() {
    Explanation explanation =
        Explanation.of(SPACE, LAYOUT, ExplainReportTest::judge, Objective.RECALL, CONFIG);
    assertEquals(
        """

        20KB, what groups keep, and Recall@20 for every MB of a group's last step and of its next one:
        group  items             blocks       precision        bytes       last       next
            0  0-63              0-3          int8             2,048   +39.0625          -
            1  64-1,087          0-1,3        int4            12,288    +1.2207    +1.2207
            2  1,088-3,135       0            int4             8,192          -    +0.3052\
        """,
        String.join("\n", ExplainReport.lines("20KB", GROUPS, explanation, Objective.RECALL)));
  }

  @Test
  void rangesOfBlocks() {
    assertEquals("0-3", ExplainReport.blocks(new BlockChoice(0b1111, Precision.INT8)));
    assertEquals(
        "1,3-4,63", ExplainReport.blocks(new BlockChoice(1L << 63 | 0b11010, Precision.INT8)));
    assertEquals("0-63", ExplainReport.blocks(new BlockChoice(-1, Precision.INT8)));
  }

  @Test
  void drawsAPicture(@TempDir Path folder) throws IOException {
    Path file = AllocationPlot.fileFor(folder.resolve("why.png"), 20_000);
    assertEquals(folder.resolve("why-20000.png"), file);
    if (AllocationPlot.write(file, "20KB", GROUPS, CONFIG).isEmpty()) {
      assertTrue(ImageIO.read(file.toFile()).getWidth() > 300);
    }
    try (var files = Files.list(folder)) {
      assertTrue(files.noneMatch(other -> other.toString().endsWith(".tmp")));
    }
  }

  @Test
  void droppedGroupsAreNamedAndLeftBlank() {
    ElasticConfig config = CONFIG.withChoice(2, BlockChoice.DROPPED);
    SearchSpace space = new SearchSpace(SHAPE, 3, SPACE.precisions(), true, true, 1);
    Explanation explanation =
        Explanation.of(space, LAYOUT, ExplainReportTest::judge, Objective.RECALL, config);
    List<String> lines = ExplainReport.lines("20KB", GROUPS, explanation, Objective.RECALL);
    assertTrue(lines.get(1).contains("what groups keep (coverage 34.69 %), and"), lines.get(1));
    assertEquals(
        "    2  1,088-3,135       -            dropped              0          -    +0.3052",
        lines.getLast());
    Map<String, Object> json = ExplainReport.json(GROUPS, explanation).get(2);
    assertEquals("-", json.get("blocks"));
    assertTrue(json.containsKey("precision") && json.get("precision") == null);
    assertEquals(8, AllocationPlot.cells(config).size());
    assertEquals(12, AllocationPlot.cells(CONFIG).size());
    assertEquals(
        "What groups keep, 20KB; 1 of 3 dropped (blank), coverage 34.69 %",
        AllocationPlot.title("20KB", GROUPS, config));
    assertEquals("What groups keep, 20KB", AllocationPlot.title("20KB", GROUPS, CONFIG));
  }

  @Test
  void widerElementsAreDarker() {
    assertEquals(
        List.of(1, 2, 3, 4, 6),
        List.of(1, 2, 4, 8, 32).stream().map(AllocationPlot::shade).toList());
  }
}
