package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.concertina.ingest.CleaningStep;
import org.concertina.ingest.Ingest;
import org.concertina.ingest.IngestConfig;
import org.concertina.ingest.IngestReport;
import org.concertina.memory.MemoryCap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concertina ingest}. */
@Command(
    name = "ingest",
    description = {
      "Make one checked data file of logs; every --data takes it.",
      "Reads plain, gzip and zstd files. Ids may be numbers or any text; commands that get the data"
          + " file name users and items as the logs do. Of a user's repeated interactions with an"
          + " item the first counts."
    })
final class IngestCommand extends EngineCommand {
  @Option(
      names = "--in",
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description = "Logs, read one after the other; or a folder of train, valid and test.")
  private List<Path> files;

  @Option(
      names = "--valid",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Validation interactions, if the split is given; --in is for training then.")
  private List<Path> validation = List.of();

  @Option(
      names = "--test",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Test interactions, likewise.")
  private List<Path> test = List.of();

  @Option(
      names = "--out",
      paramLabel = "DATA",
      required = true,
      description = "Data file to write; its folder must exist.")
  private Path out;

  @Option(
      names = "--split-from",
      paramLabel = "DATA",
      description =
          "Data file whose split is taken over; interactions that it does not know are for"
              + " training.")
  private Path splitFrom;

  @Option(
      names = "--expect",
      paramLabel = "HASH",
      description =
          "Write nothing unless interactions and split have this hash, which ingest printed"
              + " before.")
  private String expected;

  @Mixin private IngestOptions options;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    IngestConfig config;
    OptionalLong expectedHash;
    try {
      config =
          new IngestConfig(
              files,
              validation,
              test,
              options.format(),
              options.columns(),
              options.cleaning(),
              options.split(
                  !validation.isEmpty() || !test.isEmpty(), splitFrom != null, session.seed()),
              Optional.ofNullable(splitFrom));
      expectedHash =
          expected == null
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseUnsignedLong(expected, 16));
    } catch (NumberFormatException notAHash) {
      throw usage("--expect: expected 16 hexadecimal digits, got " + expected);
    } catch (IllegalArgumentException refused) {
      throw usage(refused.getMessage());
    }
    List<Path> inputs = new ArrayList<>(config.allFiles());
    config.storedSplit().ifPresent(inputs::add);
    OutputFiles.requireWritable("--out", out, inputs.toArray(Path[]::new));
    long bytes = 0;
    for (Path file : config.allFiles()) {
      bytes += Files.size(file);
    }
    MemoryCap cap = MemoryCap.unlimited();
    IngestReport report;
    try (ProgressLine progress = session.console().progress("ingest", "bytes", bytes, 0)) {
      long[] done = new long[1];
      report =
          Ingest.run(
              config,
              out,
              cap,
              expectedHash,
              more -> {
                done[0] += more;
                progress.advance(done[0], "reading");
              });
    }
    return new Report(json(report), lines(report));
  }

  private Map<String, Object> json(IngestReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("data", out.toString());
    json.put("dataHash", Json.hash(report.dataHash()));
    json.put("users", report.users());
    json.put("items", report.items());
    json.put("userNames", report.userNames());
    json.put("itemNames", report.itemNames());
    json.put("trainInteractions", report.trainInteractions());
    json.put("validationInteractions", report.validationInteractions());
    json.put("testInteractions", report.testInteractions());
    json.put("steps", report.steps());
    json.put("textBytes", report.textBytes());
    json.put("interactionsRead", report.interactionsRead());
    json.put("readSeconds", report.readSeconds());
    json.put("seconds", report.seconds());
    json.put("cpuSeconds", ProcessUse.cpuSeconds());
    json.put("megabytesPerSecond", megabytesPerSecond(report));
    json.put("resultBytes", report.resultBytes());
    json.put("peakOffHeapBytes", report.peakOffHeapBytes());
    json.put("peakHeapBytes", ProcessUse.heapBytes());
    json.put("peakResidentBytes", ProcessUse.residentBytes());
    return json;
  }

  private static double megabytesPerSecond(IngestReport report) {
    return report.textBytes() * 1e-6 / report.seconds();
  }

  private List<String> lines(IngestReport report) {
    List<String> lines = new ArrayList<>();
    lines.add("%-28s %12s %12s %14s".formatted("", "users", "items", "interactions"));
    for (CleaningStep step : report.steps()) {
      lines.add(
          "%-28s %,12d %,12d %,14d"
              .formatted(step.step(), step.users(), step.items(), step.interactions()));
    }
    lines.add(
        "%s: %,d training + %,d validation + %,d test interactions, data hash %s"
            .formatted(
                out,
                report.trainInteractions(),
                report.validationInteractions(),
                report.testInteractions(),
                Json.hash(report.dataHash())));
    lines.add(
        "%,d bytes of text in %.1f s (%.0f MB/s), %,d bytes written, at most %,d off-heap"
            .formatted(
                report.textBytes(),
                report.seconds(),
                megabytesPerSecond(report),
                report.resultBytes(),
                report.peakOffHeapBytes()));
    return lines;
  }
}
