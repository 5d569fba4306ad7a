package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir Path folder;

  private CommandRun demo(String budgets, Object... more) throws IOException {
    Path data = TinyPipeline.writeData(folder.resolve("data"), 1);
    Object[] arguments = {
      "demo",
      "--data",
      data,
      "--out",
      folder.resolve("out"),
      "--budgets",
      budgets,
      "--dim=16",
      "--blocks=4",
      "--groups=5",
      "--epochs=3",
      "--evaluate-every=3",
      "--negatives=64",
      "--batch-size=256",
      "--learning-rate=0.02",
      "--labels=20",
      "--held-out=0",
      "--generations=2"
    };
    Object[] all = new Object[arguments.length + more.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return CommandRun.of(all);
  }

  @Test
  void leavesATableAPlotAndAllFiles() throws IOException {
    JsonNode json = demo("40%,8KB", "--json").expect(0).json();
    assertEquals(2 * 7, json.path("artifacts").size(), "ours and six baselines for each budget");
    for (JsonNode row : json.path("artifacts")) {
      assertEquals(
          Files.size(Path.of(row.path("artifact").asText())), row.path("fileBytes").asLong());
      assertTrue(row.path("fileBytes").asLong() <= row.path("budgetBytes").asLong());
      assertEquals(
          row.path("recallAt20").asDouble() / json.path("recallAt20").asDouble(),
          row.path("shareOfFullRecall").asDouble(),
          1e-12);
    }
    Path plot = Path.of(json.path("plot").asText());
    assertEquals(
        "\u0089PNG", new String(Files.readAllBytes(plot), 0, 4, StandardCharsets.ISO_8859_1));
    assertTrue(Files.size(Path.of(json.path("result").asText())) > 0);
  }

  @Test
  void printsTheTable() throws IOException {
    String out = demo("8KB").expect(0).out();
    for (String part :
        new String[] {
          "Recall@20", "NDCG@20", "uniform-first-k", "full fp32 table", "result.json"
        }) {
      assertTrue(out.contains(part), part + " in:\n" + out);
    }
  }

  @Test
  void whereGroupsMayBeDroppedTheTableSaysWhatIsCovered() throws IOException {
    JsonNode json = demo("1800", "--allow-dropped", "--json").expect(0).json();
    JsonNode ours = json.at("/artifacts/0");
    assertEquals("concertina", ours.path("strategy").asText());
    assertTrue(ours.path("catalogueCoverage").asDouble() < 1, ours::toString);
    assertTrue(ours.path("fileBytes").asLong() <= 1_800);
    String out = demo("1800", "--allow-dropped").expect(0).out();
    assertTrue(out.contains("coverage") && out.contains("100.00 %"), out);
  }

  @Test
  void aRefitIsMeasuredOnTestBesideTheTable() throws IOException {
    CommandRun run = demo("8KB", "--refit", "--json").expect(0);
    JsonNode refit = run.json().at("/train/refit");
    assertEquals(
        folder.resolve("out").resolve("model.refit").toString(), refit.path("model").asText());
    assertEquals("test", refit.path("split").asText());
    assertTrue(refit.path("recallAt20").asDouble() > 0.1, refit.toString());
    JsonNode packed = run.json().at("/refitArtifacts/0");
    assertEquals("concertina-refit", packed.path("strategy").asText());
    assertTrue(packed.path("fileBytes").asLong() <= 8000, packed.toString());
    assertEquals(
        packed.path("recallAt20").asDouble() / refit.path("recallAt20").asDouble(),
        packed.path("shareOfFullRecall").asDouble(),
        1e-12);
    String table = demo("8KB", "--refit").expect(0).out();
    assertTrue(table.contains("concertina-refit"), table);
  }

  @Test
  void aNamedBudgetThatCannotBeMetIsAnError() throws IOException {
    demo("100").expect(1).expectMessage("100 bytes", "smallest");
  }
}
