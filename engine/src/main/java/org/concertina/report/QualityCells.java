package org.concertina.report;

import java.util.ArrayList;
import java.util.List;
import org.concertina.report.Section.Table;

/** Rows of quality as cells of a table. */
final class QualityCells {
  private QualityCells() {}

  /**
   * A table of rows.
   *
   * @param all rows among which a row is on the Pareto front, or not
   */
  static Table table(List<QualityRow> rows, List<QualityRow> all) {
    boolean covers = QualityTable.coverageMatters(rows);
    boolean paper = rows.getFirst().benchmark().equals("paper");
    List<String> head =
        new ArrayList<>(
            List.of(
                "data",
                "budget",
                "choice",
                "seeds",
                "bytes",
                "Recall@20",
                "NDCG@20",
                "valid. sel/conf",
                "gap ± s.e.",
                "front"));
    if (covers) {
      head.add(5, "coverage");
    }
    if (paper) {
      head.addAll(List.of("Recall@50", "NDCG@50", "Recall@100", "NDCG@100"));
    }
    List<List<String>> cells = new ArrayList<>();
    for (QualityRow row : rows) {
      List<String> line = new ArrayList<>(List.of(row.data(), row.budget(), row.choice()));
      line.add(String.valueOf(row.records().size()));
      if (row.recall().count() == 0) {
        line.add(row.impossible());
      } else {
        line.add("%,.0f".formatted(row.fileBytes()));
        if (covers) {
          line.add(QualityTable.percent(row.coverage()));
        }
        line.add(row.recall().text());
        line.add(row.ndcg().text());
        line.add(QualityTable.pair(row.selection(), row.confirmation()));
        line.add(row.gap().gapText());
        line.add(isOnFront(row, all) ? "✓" : "");
        if (paper) {
          for (String metric : List.of("recallAt50", "ndcgAt50", "recallAt100", "ndcgAt100")) {
            line.add(QualityTable.of(row.records(), result -> result.number(metric)).text());
          }
        }
      }
      while (line.size() < head.size()) {
        line.add("");
      }
      cells.add(line);
    }
    return new Table(head, cells);
  }

  /** Whether nothing measured on the same data is smaller or equal and better. */
  static boolean isOnFront(QualityRow row, List<QualityRow> all) {
    return all.stream()
        .filter(other -> other.data().equals(row.data()) && other.recall().count() > 0)
        .noneMatch(
            other ->
                other.fileBytes() <= row.fileBytes()
                    && other.recall().mean() >= row.recall().mean()
                    && (other.fileBytes() < row.fileBytes()
                        || other.recall().mean() > row.recall().mean()));
  }
}
