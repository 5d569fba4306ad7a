package org.concertina.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A recommended item as it is shown.
 *
 * @param rank from 1
 * @param item its number, or its name where the data has names
 * @param score cosine, plus the item's prior if the artifact has priors
 */
record RecommendedItem(int rank, Object item, float score) {
  static List<String> lines(List<RecommendedItem> items, long usedBytes) {
    List<String> lines = new ArrayList<>();
    lines.add(" rank        item    score");
    for (RecommendedItem item : items) {
      lines.add("%5d %11s %8.4f".formatted(item.rank(), item.item(), item.score()));
    }
    lines.add("memory of the runtime: %,d bytes".formatted(usedBytes));
    return lines;
  }
}
