package org.concertina.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  void theFrontIsWhatNothingBeats() {
    List<QualityRow> rows = QualityTable.rows(records());
    QualityRow evolution = rows.get(1);
    assertEquals("evolution", evolution.choice());
    assertTrue(QualityCells.isOnFront(evolution, rows));
    assertFalse(QualityCells.isOnFront(rows.getFirst(), rows));
  }
}
