package org.concertina.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.search.Explanation;
import org.concertina.search.Objective;

/** An {@link Explanation} in words and JSON. */
final class ExplainReport {
  private static final double MEGABYTE = 1e6;

  private ExplainReport() {}

  /** A table, one line a group. */
  static List<String> lines(
      String budget, Groups groups, Explanation explanation, Objective objective) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "%s, what groups keep%s, and %s for every MB of a group's last step and of its next one:"
            .formatted(budget, coverage(groups, explanation), name(objective)));
    lines.add(
        "%5s  %-17s %-12s %-9s %12s %10s %10s"
            .formatted("group", "items", "blocks", "precision", "bytes", "last", "next"));
    for (int g = 0; g < groups.count(); g++) {
      Explanation.GroupReason reason = explanation.groups().get(g);
      lines.add(
          "%5d  %-17s %-12s %-9s %,12d %10s %10s"
              .formatted(
                  g,
                  "%,d-%,d".formatted(groups.start(g), groups.end(g) - 1),
                  blocks(reason.choice()),
                  SearchReport.name(reason.choice()),
                  reason.bytes(),
                  perMegabyte(reason.lastGainPerByte()),
                  perMegabyte(reason.nextGainPerByte())));
    }
    return lines;
  }

  static List<Map<String, Object>> json(Groups groups, Explanation explanation) {
    List<Map<String, Object>> json = new ArrayList<>();
    for (int g = 0; g < groups.count(); g++) {
      Explanation.GroupReason reason = explanation.groups().get(g);
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("firstItem", groups.start(g));
      entry.put("items", groups.size(g));
      entry.put("blocks", blocks(reason.choice()));
      entry.put(
          "precision", reason.choice().isDropped() ? null : SearchReport.name(reason.choice()));
      entry.put("bytes", reason.bytes());
      entry.put("lastGainPerByte", reason.lastGainPerByte().orElse(null));
      entry.put("nextGainPerByte", reason.nextGainPerByte().orElse(null));
      json.add(entry);
    }
    return json;
  }

  /** Nothing if no group is dropped. */
  private static String coverage(Groups groups, Explanation explanation) {
    ElasticConfig config = explanation.config();
    return Coverage.matters(List.of(config))
        ? " (coverage %s)".formatted(Coverage.percent(config.coverage(groups)))
        : "";
  }

  private static String name(Objective objective) {
    return objective == Objective.RECALL ? "Recall@20" : "NDCG@20";
  }

  private static String perMegabyte(Optional<Double> gain) {
    return gain.map(perByte -> "%+.4f".formatted(perByte * MEGABYTE)).orElse("-");
  }

  /** Kept blocks as ranges, such as {@code 0-3,6}; a dash for none. */
  static String blocks(BlockChoice choice) {
    List<String> ranges = new ArrayList<>();
    long left = choice.blockMask();
    while (left != 0) {
      int first = Long.numberOfTrailingZeros(left);
      int length = Long.numberOfTrailingZeros(~(left >>> first));
      int last = first + length - 1;
      ranges.add(first == last ? "" + first : first + "-" + last);
      left = last >= Long.SIZE - 1 ? 0 : left & (-1L << (last + 1));
    }
    return ranges.isEmpty() ? "-" : String.join(",", ranges);
  }
}
