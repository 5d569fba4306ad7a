package org.concertina.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.concertina.record.Measurement;
import org.concertina.record.RecordLog;
import org.concertina.record.RecordReader;
import org.concertina.record.Run;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code concertina bench}: runs benchmarks and records their results. */
@Command(
    name = "concertina bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Run the benchmarks and record every result with the environment.",
      "Allocation is always measured, every fork says which kernels it runs, and every set-up"
          + " checks its answers before anything is timed. For JMH's own options: concertina jmh."
    })
public final class Bench implements Callable<Integer> {
  @Option(
      names = "--quick",
      description =
          "Every family at one size in one short fork, about three minutes (the default).")
  private boolean quick;

  @Option(names = "--full", description = "Everything with all parameters and forks; hours.")
  private boolean full;

  @Option(
      names = "--include",
      paramLabel = "REGEX",
      defaultValue = "",
      description = "Only benchmarks whose name has a match, such as RecommendBenchmark.")
  private String include;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "Kernels of every fork: scalar, panama or native (default: the best here).")
  private String provider;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "perf: hardware counters an operation, by Linux perf; jfr: a Flight Recorder file a fork,"
              + " in the folder of the records.")
  private Profile profile;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "./concertina-bench",
      description = "Folder whose records every call adds to (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Spec private CommandSpec spec;

  private int recorded;
  private final List<String> failed = new ArrayList<>();

  /** What is measured besides time and allocation. */
  enum Profile {
    /** Hardware counters. */
    PERF,
    /** Flight Recorder. */
    JFR
  }

  /** Runs and exits with the code: 0 done, 1 failed, 2 usage. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(
        new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, RunnerException {
    if (quick && full) {
      throw usage("--quick, --full: expected one of them");
    }
    if (provider != null) {
      if (!List.of("scalar", "panama", "native").contains(provider)) {
        throw usage("--provider: expected scalar, panama or native, got " + provider);
      }
      // Before anything asks for the kernels, so that records name those of the forks.
      System.setProperty("concertina.provider", provider);
    }
    Pattern wanted;
    try {
      wanted = Pattern.compile(include);
    } catch (PatternSyntaxException malformed) {
      throw usage("--include: " + malformed.getMessage());
    }
    Files.createDirectories(out);
    List<BenchPlan> plans =
        full ? BenchPlan.full() : BenchPlan.quick(Optional.ofNullable(provider));
    Path file = out.resolve(RecordReader.SUFFIX);
    Run run = Run.begin("bench", spec.commandLine().getParseResult().originalArgs());
    try (RecordLog log = RecordLog.open(file, run)) {
      for (BenchPlan plan : plans) {
        for (String name : names()) {
          if (plan.mayMatch(name) && wanted.matcher(name).find()) {
            runOne(plan, name, log);
          }
        }
      }
    }
    if (recorded == 0 && failed.isEmpty()) {
      throw usage("--include " + include + ": no benchmark of this run has such a name");
    }
    System.out.printf("%n%d results: %s%n", recorded, file);
    failed.forEach(name -> System.err.println("concertina bench: failed: " + name));
    return failed.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    for (BenchmarkListEntry entry : BenchmarkList.defaultList().getAll(silent, List.of())) {
      names.add(entry.getUsername());
    }
    return names;
  }

  private void runOne(BenchPlan plan, String name, RecordLog log)
      throws IOException, RunnerException {
    if (BenchPlan.isCaps(name)) {
      for (CapRuns.One one : CapRuns.of(plan.parameters())) {
        if (one.fileBytes() > 0) {
          run(
              name + " " + one.parameters(),
              plan.options(name, one.single()),
              Map.of("fileBytes", one.fileBytes()),
              log);
        } else {
          log.append(
              name,
              kernels(log.run(), null),
              new TreeMap<>(one.parameters()),
              Measurement.impossible("us/op", "nothing of the catalogue fits"));
          recorded++;
        }
      }
    } else {
      run(name, plan.options(name, plan.parameters()), Map.of(), log);
    }
  }

  private void run(
      String name, ChainedOptionsBuilder options, Map<String, Object> more, RecordLog log)
      throws IOException, RunnerException {
    if (provider != null) {
      options.jvmArgsAppend("-Dconcertina.provider=" + provider);
    }
    if (profile == Profile.PERF) {
      options.addProfiler("perfnorm");
    } else if (profile == Profile.JFR) {
      options.addProfiler("jfr", "dir=" + out);
    }
    var results = new Runner(options.build()).run();
    if (results.isEmpty()) {
      failed.add(name);
    }
    for (RunResult result : results) {
      record(result, more, log);
      recorded++;
    }
  }

  private void record(RunResult result, Map<String, Object> more, RecordLog log)
      throws IOException {
    BenchmarkParams how = result.getParams();
    Map<String, Object> parameters = new TreeMap<>();
    how.getParamsKeys().forEach(key -> parameters.put(key, how.getParam(key)));
    parameters.put("mode", how.getMode().shortLabel());
    if (provider != null) {
      parameters.put("provider", provider);
    }
    Map<String, Object> details = new LinkedHashMap<>(more);
    details.put("forks", how.getForks());
    details.put("warmup", how.getWarmup().toString());
    details.put("measurement", how.getMeasurement().toString());
    details.put("jvmArgs", List.copyOf(how.getJvmArgs()));
    Double bytesPerOp = null;
    for (Result<?> second : result.getSecondaryResults().values()) {
      double score = second.getScore();
      if (second.getLabel().endsWith("gc.alloc.rate.norm")) {
        bytesPerOp = score;
      } else if (Double.isFinite(score)) {
        details.put(second.getLabel() + " " + second.getScoreUnit(), score);
      }
    }
    Result<?> primary = result.getPrimaryResult();
    log.append(
        how.getBenchmark(),
        kernels(log.run(), parameters.get("provider")),
        parameters,
        new Measurement(
            primary.getScore(),
            primary.getScoreError(),
            primary.getScoreUnit(),
            bytesPerOp,
            details));
  }

  /** With width or tier; a benchmark's own provider is one of this machine's. */
  private static String kernels(Run run, Object own) {
    String here = run.environment().get("provider").toString();
    if (own == null || here.startsWith(own.toString())) {
      return here;
    }
    return own.equals("panama") ? "panama-" + run.environment().get("vectorBits") : own.toString();
  }
}
