package org.concertina.jmh;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.concertina.datasets.SyntheticConfig;
import org.concertina.datasets.SyntheticHistory;
import org.concertina.datasets.SyntheticModel;
import org.concertina.ingest.TextFormat;

/** A made-up log in the forms that {@link IngestBenchmark} reads. */
final class IngestText {
  private static final int INTERACTIONS_A_USER = 50;
  private static final long START = 1_700_000_000;

  private final int[][] items;
  private final long lines;

  private IngestText(int[][] items, long lines) {
    this.items = items;
    this.lines = lines;
  }

  /** Items of every user, ascending. */
  int[][] items() {
    return items;
  }

  /** Lines of the text, header included. */
  long lines() {
    return lines;
  }

  /** Writes a log of so many interactions, user after user. */
  static IngestText write(Path file, TextFormat format, int interactions) throws IOException {
    int users = interactions / INTERACTIONS_A_USER;
    SyntheticHistory history =
        new SyntheticModel(SyntheticConfig.small().withSize(users, 20_000, INTERACTIONS_A_USER))
            .newHistory(true);
    int[][] items = new int[users][];
    long lines = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      if (format == TextFormat.CSV) {
        out.write("user,item,rating,timestamp\n");
        lines++;
      }
      for (int user = 0; user < users; user++) {
        history.draw(user);
        TreeSet<Integer> own = new TreeSet<>();
        for (int i = 0; i < history.size(); i++) {
          own.add(history.item(i));
          if (format != TextFormat.LINES) {
            out.write(record(format, user, history, i));
            lines++;
          }
        }
        if (format == TextFormat.LINES) {
          out.write(Integer.toString(user));
          for (int i = 0; i < history.size(); i++) {
            out.write(" " + history.item(i));
          }
          out.write('\n');
          lines++;
        }
        items[user] = own.stream().mapToInt(Integer::intValue).toArray();
      }
    }
    return new IngestText(items, lines);
  }

  private static String record(TextFormat format, int user, SyntheticHistory history, int i) {
    int rating = 1 + (user + i) % 5;
    long time = START + (long) (history.time(i) * 31_536_000);
    return format == TextFormat.CSV
        ? "%d,%d,%d,%d\n".formatted(user, history.item(i), rating, time)
        : "{\"reviewerID\": \"%d\", \"asin\": \"%d\", \"overall\": %d.0, \"unixReviewTime\": %d}\n"
            .formatted(user, history.item(i), rating, time);
  }
}
