package org.concertina.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.concertina.kernel.ffm.NativeVectorOps;
import org.concertina.record.RecordLog;
import org.concertina.record.RecordReader;
import org.concertina.record.Run;
import org.openjdk.jmh.profile.ProfilerException;
import org.openjdk.jmh.profile.ProfilerFactory;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ProfilerConfig;
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
  private static final List<String> PROVIDERS = List.of("scalar", "panama", "native");

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

  /** What is measured besides time and allocation. */
  enum Profile {
    /** Hardware counters. */
    PERF,
    /** Flight Recorder. */
    JFR;

    /** JMH's name of what counts by Linux perf. */
    static final String PERF_PROFILER = "perfnorm";
  }

  /** Runs and exits with the code: 0 done, 1 failed, 2 usage. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(
        new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, RunnerException {
    Pattern wanted = checked();
    Optional<String> kernels = Optional.ofNullable(provider);
    // Before anything asks for the kernels, so that records name those of the forks.
    kernels.ifPresent(name -> System.setProperty("concertina.provider", name));
    Optional<String> missing = missingKernels().or(this::missingProfiler);
    if (missing.isPresent()) {
      spec.commandLine().getErr().println("concertina bench: " + missing.get());
      return CommandLine.ExitCode.SOFTWARE;
    }
    Map<BenchPlan, List<String>> chosen =
        choose(full ? BenchPlan.full() : BenchPlan.quick(kernels), wanted);
    Files.createDirectories(out);
    Path file = out.resolve(RecordReader.SUFFIX);
    Run run = Run.begin("bench", spec.commandLine().getParseResult().originalArgs());
    BenchRun benchmarks;
    try (RecordLog log = RecordLog.open(file, run)) {
      benchmarks = new BenchRun(kernels, Optional.ofNullable(profile), out, log);
      for (BenchPlan plan : chosen.keySet()) {
        for (String name : chosen.get(plan)) {
          benchmarks.run(plan, name);
        }
      }
    }
    System.out.printf("%n%d results: %s%n", benchmarks.recorded(), file);
    benchmarks.failed().forEach(name -> System.err.println("concertina bench: failed: " + name));
    return benchmarks.failed().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /** Checks what was asked for; returns the pattern of names. */
  private Pattern checked() {
    if (quick && full) {
      throw usage("--quick, --full: expected one of them");
    }
    if (provider != null && !PROVIDERS.contains(provider)) {
      throw usage("--provider: expected scalar, panama or native, got " + provider);
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw usage("--out " + out + ": is a file; name a folder");
    }
    try {
      return Pattern.compile(include);
    } catch (PatternSyntaxException malformed) {
      throw usage("--include: " + malformed.getMessage());
    }
  }

  /** Names of the benchmarks that a pattern finds, by the plan that runs them. */
  private Map<BenchPlan, List<String>> choose(List<BenchPlan> plans, Pattern wanted) {
    Map<BenchPlan, List<String>> chosen = new LinkedHashMap<>();
    for (BenchPlan plan : plans) {
      List<String> names =
          names().stream()
              .filter(name -> plan.mayMatch(name) && wanted.matcher(name).find())
              .toList();
      if (!names.isEmpty()) {
        chosen.put(plan, names);
      }
    }
    if (chosen.isEmpty()) {
      throw usage(
          "--include %s: no benchmark of %s has such a name; concertina jmh -l lists all"
              .formatted(include, full ? "JMH" : "a quick run"));
    }
    return chosen;
  }

  private Optional<String> missingKernels() {
    return "native".equals(provider) && !NativeVectorOps.available()
        ? Optional.of("--provider native: %s; take panama".formatted(NativeVectorOps.status()))
        : Optional.empty();
  }

  private Optional<String> missingProfiler() {
    return profile == Profile.PERF ? missingPerf() : Optional.empty();
  }

  /** Why hardware counters cannot be read here and what to do about it. */
  static Optional<String> missingPerf() {
    try {
      ProfilerFactory.getProfilerOrException(new ProfilerConfig(Profile.PERF_PROFILER, ""));
      return Optional.empty();
    } catch (ProfilerException unusable) {
      return Optional.of(
          ("--profile perf: Linux perf cannot count here (%s);"
                  + " install it (on Debian: apt install linux-perf), allow it (sysctl"
                  + " kernel.perf_event_paranoid=1), or take --profile jfr, which needs neither")
              .formatted(unusable.getMessage().strip().replaceAll("\\s+", " ")));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** All benchmarks. */
  static Set<String> names() {
    Set<String> names = new TreeSet<>();
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    for (BenchmarkListEntry entry : BenchmarkList.defaultList().getAll(silent, List.of())) {
      names.add(entry.getUsername());
    }
    return names;
  }
}
