package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.concertina.datasets.SyntheticConfig;
import org.concertina.datasets.SyntheticLog;
import org.concertina.datasets.SyntheticLog.Form;
import org.concertina.datasets.SyntheticModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code concertina data synthesize}. */
@Command(
    name = "synthesize",
    description = {
      "Write a made-up log of any size, user after user: item popularity by Zipf-Mandelbrot,"
          + " log-normal activity of users, latent tastes; what every user truly likes is known"
          + " from the same settings.",
      "Takes about 44 bytes of heap an item (72 with drift), 12 a user, and some megabytes a"
          + " thread."
    })
final class DataSynthesizeCommand extends EngineCommand {
  @Option(names = "--users", paramLabel = "N", required = true, description = "Number of users.")
  private int users;

  @Option(names = "--items", paramLabel = "N", required = true, description = "Number of items.")
  private int items;

  @Option(
      names = "--interactions",
      paramLabel = "N",
      required = true,
      description = "Interactions in all, exactly; a user takes an item once.")
  private long interactions;

  @Option(
      names = "--out",
      paramLabel = "FILE[.gz]",
      required = true,
      description = "File to write, gzip if its name ends with .gz.")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "lines",
      description =
          "${COMPLETION-CANDIDATES}: 'user item item ...' as train reads it, or rows"
              + " 'user,item,time' (default: ${DEFAULT-VALUE}).")
  private Format format;

  @Option(names = "--ratings", description = "Rows of csv have a rating from 1 to 5 too.")
  private boolean ratings;

  @Option(
      names = "--drift",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Share of interactions that at the end of the log follow other popularities and tastes"
              + " than at its start (default: ${DEFAULT-VALUE}).")
  private double drift;

  @Option(
      names = "--exponent",
      paramLabel = "S",
      defaultValue = "1",
      description = "Popularity is 1 / (rank + q)^S (default: ${DEFAULT-VALUE}).")
  private double exponent;

  @Option(
      names = "--offset",
      paramLabel = "Q",
      defaultValue = "20",
      description = "The q of popularity (default: ${DEFAULT-VALUE}).")
  private double offset;

  @Option(
      names = "--spread",
      paramLabel = "SIGMA",
      defaultValue = "1",
      description =
          "Standard deviation of the logarithm of a user's interactions (default:"
              + " ${DEFAULT-VALUE}).")
  private double spread;

  @Option(
      names = "--least",
      paramLabel = "N",
      defaultValue = "1",
      description = "Least interactions of a user (default: ${DEFAULT-VALUE}).")
  private int least;

  @Option(
      names = "--tastes",
      paramLabel = "N",
      defaultValue = "64",
      description = "Latent tastes; a user has three of them (default: ${DEFAULT-VALUE}).")
  private int tastes;

  @Option(
      names = "--taste-share",
      paramLabel = "SHARE",
      defaultValue = "0.8",
      description =
          "Share of interactions by taste, the rest is by popularity alone (default:"
              + " ${DEFAULT-VALUE}).")
  private double tasteShare;

  private enum Format {
    LINES,
    CSV;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    if (ratings && format == Format.LINES) {
      throw usage("--ratings: needs --format csv");
    }
    SyntheticConfig config;
    try {
      config =
          new SyntheticConfig(
              users,
              items,
              interactions,
              least,
              spread,
              exponent,
              offset,
              tastes,
              tasteShare,
              drift,
              session.seed());
    } catch (IllegalArgumentException outOfRange) {
      throw usage(outOfRange.getMessage());
    }
    OutputFiles.requireWritable("--out", out);
    long start = System.nanoTime();
    SyntheticModel model = new SyntheticModel(config);
    Form form = format == Format.LINES ? Form.LINES : ratings ? Form.RATED_CSV : Form.CSV;
    try (ProgressLine progress =
        session.console().progress("synthesize", "interactions", interactions, 0)) {
      new SyntheticLog(model, form)
          .write(out, common.threads, written -> progress.advance(written, ""));
    }
    return report((System.nanoTime() - start) * 1e-9);
  }

  private Report report(double seconds) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", out.toString());
    json.put("users", users);
    json.put("items", items);
    json.put("interactions", interactions);
    json.put("fileBytes", Files.size(out));
    json.put("seconds", seconds);
    json.put("interactionsPerSecond", interactions / seconds);
    return new Report(
        json,
        List.of(
            "%s: %,d users, %,d items, %,d interactions, %,d bytes, %.1f s, %,.0f interactions/s"
                .formatted(
                    out,
                    users,
                    items,
                    interactions,
                    Files.size(out),
                    seconds,
                    interactions / seconds)));
  }
}
