package org.concertina.cli;

import java.util.ArrayList;
import java.util.List;
import org.concertina.metric.RankingQuality;

/**
 * One line of the demo's table: an artifact, asked through the runtime.
 *
 * @param budget as it was asked for
 * @param budgetBytes in bytes
 * @param strategy who chose the configuration
 * @param precisions the precisions that it uses
 * @param artifact the file
 * @param fileBytes its size
 * @param catalogueCoverage share of the items that it can recommend
 * @param recallAt20 Recall@20
 * @param ndcgAt20 NDCG@20
 * @param shareOfFullRecall Recall@20 divided by the full table's
 */
record DemoRow(
    String budget,
    long budgetBytes,
    String strategy,
    List<String> precisions,
    String artifact,
    long fileBytes,
    double catalogueCoverage,
    double recallAt20,
    double ndcgAt20,
    double shareOfFullRecall) {

  /** The table for people. */
  static List<String> table(
      List<DemoRow> rows, long fullTableBytes, RankingQuality fullTable, Split split) {
    boolean covers = rows.stream().anyMatch(row -> row.catalogueCoverage < 1);
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-9s %-23s %-14s %12s %12s%s %10s %9s %9s"
            .formatted(
                "budget",
                "choice",
                "precisions",
                "budget bytes",
                "bytes used",
                coverage(covers, Coverage.TITLE),
                "Recall@20",
                "NDCG@20",
                "of full"));
    String last = "";
    for (DemoRow row : rows) {
      lines.add(
          "%-9s %-23s %-14s %,12d %,12d%s %10.4f %9.4f %7.1f %%"
              .formatted(
                  row.budget.equals(last) ? "" : row.budget,
                  row.strategy,
                  String.join("+", row.precisions),
                  row.budgetBytes,
                  row.fileBytes,
                  coverage(covers, Coverage.percent(row.catalogueCoverage)),
                  row.recallAt20,
                  row.ndcgAt20,
                  100 * row.shareOfFullRecall));
      last = row.budget;
    }
    lines.add(
        "%-9s %-23s %-14s %12s %,12d%s %10.4f %9.4f %7.1f %%"
            .formatted(
                "",
                "full fp32 table",
                "fp32",
                "",
                fullTableBytes,
                coverage(covers, Coverage.percent(1)),
                fullTable.recall(),
                fullTable.ndcg(),
                100.0));
    lines.add("(%s users of the split '%s')".formatted(fullTable.users(), split));
    return lines;
  }

  private static String coverage(boolean covers, String text) {
    return covers ? " %10s".formatted(text) : "";
  }
}
