package org.concertina.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.concertina.record.RecordKey;
import org.concertina.record.Recorded;
import org.concertina.record.Result;
import org.concertina.record.Run;
import org.junit.jupiter.api.Test;

class ReportPageTest {
  private static final Run RUN =
      new Run(
          "r",
          "2026-11-24T00:00:00Z",
          "experiment budgets",
          List.of(),
          Map.of("cpu", "a <CPU>", "cores", 2, "provider", "panama-256", "jdk", "25"));

  private static Recorded record(
      String benchmark,
      Map<String, Object> parameters,
      Double score,
      String unit,
      Map<String, Object> details) {
    String key = RecordKey.of(benchmark, parameters);
    return new Recorded(
        RUN,
        new Result(
            "r",
            RUN.date(),
            benchmark,
            key,
            "panama-256",
            parameters,
            score,
            null,
            unit,
            0.0,
            details));
  }

  private static Recorded quality(
      String benchmark, String choice, String budget, int seed, double recall, double bytes) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("fileBytes", bytes);
    details.put("recallAt20", recall);
    details.put("ndcgAt20", recall / 2);
    details.put("choices", List.of("1100 int4", "1000 int8"));
    return record(
        benchmark,
        Map.of("data", "gowalla", "choice", choice, "budget", budget, "seed", seed),
        recall,
        "Recall@20",
        details);
  }

  private static List<Recorded> records() {
    List<Recorded> records = new ArrayList<>();
    for (int seed = 1; seed <= 2; seed++) {
      records.add(quality("budgets", "popularity", "5%", seed, 0.10 + 0.02 * seed, 1_000));
      records.add(quality("budgets", "evolution", "5%", seed, 0.13 + 0.02 * seed, 1_000));
      records.add(quality("budgets", "evolution", "10%", seed, 0.20, 2_000));
      records.add(quality("ablation", "all", "5%", seed, 0.15, 1_000));
    }
    return records;
  }

  @Test
  void coverageHasAColumnWhereItMatters() {
    List<Recorded> records = records();
    assertFalse(String.join("\n", QualityTable.lines(QualityTable.rows(records))).contains("cov"));
    Recorded one = quality("budgets", "dropping", "5%", 1, 0.2, 900);
    one.result().details().put("catalogueCoverage", 0.49999);
    one.result().details().put("choices", List.of("1100 int4", "0000 dropped"));
    records.add(one);
    List<QualityRow> rows = QualityTable.rows(records);
    List<String> lines = QualityTable.lines(rows);
    assertTrue(lines.get(1).contains("coverage"), lines.get(1));
    String line = lines.stream().filter(l -> l.contains("dropping")).findFirst().orElseThrow();
    assertTrue(line.contains(" 49.99 % "), line);
    assertTrue(lines.get(2).contains("100.00 %"), lines.get(2));
    Section.Table table = QualityCells.table(rows, rows);
    int column = table.head().indexOf("coverage");
    assertEquals("Recall@20", table.head().get(column + 1));
    assertEquals("49.99 %", table.rows().get(rows.size() - 1).get(column));
  }

  @Test
  void settingsAreToldApartAndTheMostFrequentArePlain() {
    List<Recorded> records = new ArrayList<>();
    Recorded other = quality("budgets", "evolution", "5%", 1, 0.3, 900);
    Map<String, Object> parameters = new LinkedHashMap<>(other.result().parameters());
    parameters.put("settings", "ab12");
    records.add(record("budgets", parameters, 0.3, "Recall@20", other.result().details()));
    records.addAll(records());
    List<QualityRow> rows = QualityTable.rows(records);
    assertEquals("gowalla, settings ab12", rows.getFirst().data());
    assertEquals(0.3, rows.getFirst().recall().mean());
    assertEquals(
        Set.of("gowalla"), rows.stream().skip(1).map(QualityRow::data).collect(Collectors.toSet()));
    assertTrue(new ReportPage(records).markdown().contains("| gowalla, settings ab12 |"));
  }

  @Test
  void sectionsAppearForWhatIsRecorded() {
    assertEquals(
        List.of("Quality against bytes", "Blocks kept", "Ablation", "Runs"),
        new ReportPage(records()).titles());
    assertEquals(List.of(), new ReportPage(List.of()).titles());
  }

  @Test
  void numbersAreThoseOfTheRecords() throws IOException {
    ReportPage page = new ReportPage(records());
    for (String text : List.of(page.html(), page.markdown())) {
      assertTrue(text.contains("0.1600 ± 0.0141"), "mean and deviation of evolution");
      assertTrue(text.contains("0.1300 ± 0.0141"), "of popularity");
      assertTrue(text.contains("+0.0300 ± 0.0000"), "the gap is paired");
      assertTrue(text.contains("panama-256"));
    }
    assertTrue(page.html().contains("a &lt;CPU&gt;"));
    assertTrue(page.html().contains("<i class=\"int4\"></i><i class=\"int4\"></i><i></i><i></i>"));
    assertTrue(page.html().contains("data:image/png;base64,"));
    assertFalse(page.html().contains("http"), "nothing is fetched");
  }

  @Test
  void theLastOfAKeyCounts() {
    List<Recorded> records = records();
    records.add(quality("ablation", "all", "5%", 1, 0.25, 1_000));
    assertTrue(new ReportPage(records).markdown().contains("0.2000 ± 0.0707"));
  }

  @Test
  void timesHaveTheirSections() {
    List<Recorded> records =
        List.of(
            record(
                "org.concertina.jmh.CapBenchmark.recommend",
                Map.of("items", 10_000, "precision", "INT8", "cap", "1MB"),
                12.5,
                "us/op",
                Map.of("fileBytes", 900_000)),
            record(
                "org.concertina.jmh.CapBenchmark.recommend",
                Map.of("items", 1_000_000, "precision", "INT8", "cap", "1MB"),
                null,
                "us/op",
                Map.of("impossible", "nothing fits")),
            record(
                "scaling",
                Map.of("data", "d", "choice", "training", "threads", 1),
                100.0,
                "pairs/s",
                Map.of()),
            record(
                "scaling",
                Map.of("data", "d", "choice", "training", "threads", 2),
                190.0,
                "pairs/s",
                Map.of()),
            record(
                "org.concertina.jmh.MatmulBenchmark.multiply",
                Map.of("dim", 64),
                3.25,
                "us/op",
                Map.of()));
    ReportPage page = new ReportPage(records);
    assertEquals(
        List.of("Latency against the memory cap", "Threads", "Training steps", "Runs"),
        page.titles());
    String text = page.markdown();
    assertTrue(text.contains("nothing fits") && text.contains("12.500"), text);
    assertTrue(text.contains("| 190.0 | pairs/s | 1.90 |"), text);
    assertTrue(text.contains("MatmulBenchmark.multiply"), text);
  }

  @Test
  void peersStandBesideWhatIsRecorded() throws IOException {
    Map<String, Object> work =
        Map.of("dim", "64", "similarity", "DOT", "threads", "1", "lockFree", "false");
    Map<String, Object> graph = Map.of("data", "gowalla", "dim", 64, "encoder", "graph");
    Map<String, Object> layers = Map.of("encoder", Map.of("layers", 3));
    Map<String, Object> two = Map.of("encoder", Map.of("layers", 2));
    ReportPage page =
        new ReportPage(
            List.of(
                record(
                    "org.concertina.train.BprEpochBenchmark.epoch",
                    work,
                    19.0,
                    "ops/s",
                    Map.of("triples ops/s", 15.2e6)),
                record(
                    "org.concertina.train.BprEpochBenchmark.epoch",
                    Map.of(
                        "dim", "64", "similarity", "COSINE", "threads", "1", "lockFree", "false"),
                    99.0,
                    "ops/s",
                    Map.of("triples ops/s", 99e6)),
                record(
                    "full-table",
                    graph,
                    0.18,
                    "Recall@20",
                    Map.of("config", layers, "pairsPerSecond", 41_540.0)),
                record(
                    "full-table",
                    Map.of("data", "gowalla", "dim", 64, "encoder", "graph", "seed", 2),
                    0.18,
                    "Recall@20",
                    Map.of("config", two, "pairsPerSecond", 90_000.0)),
                record(
                    "org.concertina.jmh.RecommendBenchmark.recommend",
                    Map.of("budget", "FULL", "precision", "INT8"),
                    62.0,
                    "us/op",
                    Map.of())));
    assertTrue(page.titles().contains("Training throughput against peers and limits"));
    assertTrue(page.titles().contains("Requests against peers and limits"));
    String text = page.markdown();
    assertTrue(text.contains("| ours: epochs with draws | 15.2 | million triples/s |"), text);
    assertTrue(text.contains("| implicit 0.7.3 | 1.90 | million triples/s | 8.00 times"), text);
    assertTrue(text.contains("| limit: C with AVX2 | 14.0 | million triples/s | 1.09 times"), text);
    assertTrue(text.contains("| LightGCN in PyTorch | 2,077 | pairs/s | 20.0 times as fast"), text);
    assertTrue(text.contains("| implicit 0.7.3 | 310 | µs a request, less is better | 5.00"), text);
  }

  @Test
  void everyFigureOfOthersHasItsSource() {
    List<Comparison> all = Comparison.all();
    assertFalse(all.isEmpty());
    for (Comparison comparison : all) {
      assertFalse(comparison.ours().isEmpty() || comparison.others().isEmpty());
      for (Comparison.Published other : comparison.others()) {
        assertTrue(other.value() > 0, comparison.title());
        assertTrue(other.source().length() > 10, comparison.title() + ": " + other.name());
      }
    }
  }

  @Test
  void picturesAreThePlotsOnBothPapers() throws IOException {
    Map<String, byte[]> pictures = new ReportPage(records()).pictures().orElseThrow();
    assertEquals(
        List.of(
            "quality-against-bytes-gowalla.png",
            "quality-against-bytes-gowalla-dark.png",
            "ablation-gowalla.png",
            "ablation-gowalla-dark.png"),
        List.copyOf(pictures.keySet()));
    for (Map.Entry<String, byte[]> picture : pictures.entrySet()) {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.getValue()));
      Theme theme = picture.getKey().endsWith("-dark.png") ? Theme.DARK : Theme.LIGHT;
      assertEquals(theme.paper.getRGB(), image.getRGB(1, 1), picture.getKey());
    }
  }

  @Test
  void longTablesAreFolded() throws IOException {
    List<Recorded> records = new ArrayList<>();
    for (int budget = 1; budget <= 16; budget++) {
      records.add(quality("budgets", "evolution", budget + "%", 1, 0.1, 1_000.0 * budget));
    }
    String page = new ReportPage(records).html();
    assertTrue(page.contains("<details><summary>16 rows</summary>"));
    assertFalse(new ReportPage(records()).html().contains("<details>"));
  }

  @Test
  void theFrontIsWhatNothingBeats() {
    List<QualityRow> rows = QualityTable.rows(records());
    QualityRow evolution = rows.get(1);
    assertEquals("evolution", evolution.choice());
    assertTrue(QualityCells.isOnFront(evolution, rows));
    assertFalse(QualityCells.isOnFront(rows.getFirst(), rows));
  }
}
