package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** Where the time of a recorded run went. One thread reads; immutable afterwards. */
final class ProfileSummary {
  private static final int TOP = 8;
  private static final String ENGINE = "org.concertina.";

  /** As the innermost frame of the engine: a thread without work. */
  private static final String POOL = ENGINE + "kernel.WorkerPool";

  private final Path file;
  private final Map<String, Long> families = new HashMap<>();
  private final Map<String, Long> methods = new HashMap<>();
  private long samples;
  private final List<Span> epochs = new ArrayList<>();
  private double epochSeconds;
  private final List<Instant> batches = new ArrayList<>();
  private double batchSeconds;
  private double evaluationSeconds;
  private long gcPauses;
  private double gcPauseSeconds;
  private final List<Allocation> allocations = new ArrayList<>();

  private record Span(Instant start, Instant end) {}

  /** A sample that stands for {@code bytes}. */
  private record Allocation(Instant time, long bytes) {}

  private ProfileSummary(Path file) {
    this.file = file;
  }

  static ProfileSummary read(Path file) throws IOException {
    ProfileSummary summary = new ProfileSummary(file);
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        summary.add(recording.readEvent());
      }
    }
    return summary;
  }

  private void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "jdk.ExecutionSample" -> addSample(event.getStackTrace());
      case "jdk.GarbageCollection" -> {
        gcPauses++;
        gcPauseSeconds += event.getDuration("sumOfPauses").toNanos() * 1e-9;
      }
      case "jdk.ObjectAllocationSample" -> {
        if (inEngine(event.getStackTrace())) {
          allocations.add(new Allocation(event.getStartTime(), event.getLong("weight")));
        }
      }
      case "org.concertina.Epoch" -> {
        epochs.add(new Span(event.getStartTime(), event.getEndTime()));
        epochSeconds += seconds(event);
      }
      case "org.concertina.Batch" -> {
        batches.add(event.getStartTime());
        batchSeconds += seconds(event);
      }
      case "org.concertina.Evaluation" -> evaluationSeconds += seconds(event);
      default -> {}
    }
  }

  private static double seconds(RecordedEvent event) {
    return event.getDuration().toNanos() * 1e-9;
  }

  private void addSample(RecordedStackTrace stack) {
    samples++;
    String family = "outside the engine";
    String method = "";
    if (stack != null) {
      for (RecordedFrame frame : stack.getFrames()) {
        String type = frame.getMethod().getType().getName();
        if (type.startsWith(ENGINE)) {
          family = family(type);
          method = type.substring(ENGINE.length()) + "." + frame.getMethod().getName();
          break;
        }
      }
    }
    families.merge(family, 1L, Long::sum);
    if (!method.isEmpty()) {
      methods.merge(method, 1L, Long::sum);
    }
  }

  /** Kernels by what they compute, everything else by package. */
  private static String family(String type) {
    if (type.equals(POOL)) {
      return "waiting for other threads";
    }
    String simple = type.substring(type.lastIndexOf('.') + 1);
    if (type.startsWith(ENGINE + "kernel.")) {
      return switch (simple) {
        case "MatmulKernels", "TileKernels" -> "kernel: tiles and matrix products";
        case "ExpKernels", "FastExp" -> "kernel: exponentials";
        case "RowKernels" -> "kernel: rows (normalise, gradients)";
        case "OptimizerKernels" -> "kernel: optimiser's steps";
        case "ScanKernels" -> "kernel: scans";
        case "CounterRandom" -> "draws (order, negatives, masks)";
        case "Transpose" -> "kernel: transpose";
        default -> "kernel: other";
      };
    }
    return switch (simple) {
      case "BatchPlan", "PairOrder", "NegativeSampler", "ElasticSampler" ->
          "draws (order, negatives, masks)";
      default -> {
        int end = type.indexOf('.', ENGINE.length());
        yield "package " + (end < 0 ? type : type.substring(ENGINE.length(), end));
      }
    };
  }

  private static boolean inEngine(RecordedStackTrace stack) {
    return stack != null
        && stack.getFrames().stream()
            .anyMatch(frame -> frame.getMethod().getType().getName().startsWith(ENGINE));
  }

  /** Shares of the samples, largest first. */
  private List<Map<String, Object>> top(Map<String, Long> counts) {
    List<Map<String, Object>> rows = new ArrayList<>();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(TOP)
        .forEach(
            entry -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("name", entry.getKey());
              row.put("share", (double) entry.getValue() / samples);
              rows.add(row);
            });
    return rows;
  }

  /** Of the run's batches without the first {@code skipped}; compiled late, those allocate. */
  private double bytesPerBatch(int skipped) {
    if (batches.size() <= skipped) {
      return 0;
    }
    Instant from = batches.stream().sorted().toList().get(skipped);
    double bytes = 0;
    for (Allocation sample : allocations) {
      Instant at = sample.time();
      if (!at.isBefore(from)
          && epochs.stream().anyMatch(e -> !at.isBefore(e.start()) && !at.isAfter(e.end()))) {
        bytes += sample.bytes();
      }
    }
    return bytes / (batches.size() - skipped);
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", file.toString());
    json.put("epochs", epochs.size());
    json.put("epochSeconds", epochSeconds);
    json.put("batches", batches.size());
    json.put("batchSeconds", batchSeconds);
    json.put("evaluationSeconds", evaluationSeconds);
    json.put("gcPauses", gcPauses);
    json.put("gcPauseSeconds", gcPauseSeconds);
    json.put("sampledAllocatedBytesPerBatch", bytesPerBatch(0));
    json.put("sampledAllocatedBytesPerBatchSecondHalf", bytesPerBatch(batches.size() / 2));
    json.put("samples", samples);
    json.put("families", top(families));
    json.put("methods", top(methods));
    return json;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("profile: %s; open it with JDK Mission Control, or: jfr summary".formatted(file));
    lines.add(
        "  epochs %.1f s (%d; batches %.1f s of it, %d), evaluations %.1f s, GC pauses %.3f s (%d)"
            .formatted(
                epochSeconds,
                epochs.size(),
                batchSeconds,
                batches.size(),
                evaluationSeconds,
                gcPauseSeconds,
                gcPauses));
    lines.add(
        "  allocation, sampled: %,.0f bytes a batch, in the second half of the run %,.0f"
            .formatted(bytesPerBatch(0), bytesPerBatch(batches.size() / 2)));
    lines.add("  %,d execution samples, of them:".formatted(samples));
    for (List<Map<String, Object>> rows : List.of(top(families), top(methods))) {
      rows.forEach(
          row ->
              lines.add(
                  "  %5.1f %%  %s".formatted(100 * (double) row.get("share"), row.get("name"))));
    }
    return lines;
  }
}
