package org.concertina.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.concertina.record.Measurement;
import org.concertina.record.RecordLog;
import org.concertina.record.Run;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/** Runs chosen benchmarks, each in forks of its own, and records what they measure. */
final class BenchRun {
  private final Optional<String> provider;
  private final Optional<Bench.Profile> profile;
  private final Path out;
  private final RecordLog log;
  private final List<String> failed = new ArrayList<>();
  private int recorded;

  /**
   * @param provider kernels of every fork
   * @param profile what is measured besides time and allocation
   * @param out folder for the files of profilers
   * @param log receives a line a result
   */
  BenchRun(Optional<String> provider, Optional<Bench.Profile> profile, Path out, RecordLog log) {
    this.provider = provider;
    this.profile = profile;
    this.out = out;
    this.log = log;
  }

  /** Results on record. */
  int recorded() {
    return recorded;
  }

  /** Benchmarks without a result, with what was asked of them. */
  List<String> failed() {
    return failed;
  }

  /** Runs a benchmark as its plan says. */
  void run(BenchPlan plan, String name) throws IOException, RunnerException {
    if (BenchPlan.isCaps(name)) {
      for (CapRuns.One one : CapRuns.of(plan.parameters())) {
        if (one.fileBytes() > 0) {
          run(
              name + " " + one.parameters(),
              plan.options(name, one.single()),
              Map.of("fileBytes", one.fileBytes()));
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
      run(name, plan.options(name, plan.parameters()), Map.of());
    }
  }

  private void run(String name, ChainedOptionsBuilder options, Map<String, Object> more)
      throws IOException, RunnerException {
    instrument(options, provider, profile, out);
    var results = new Runner(options.build()).run();
    if (results.isEmpty()) {
      failed.add(name);
    }
    for (RunResult result : results) {
      record(result, more);
      recorded++;
    }
  }

  private void record(RunResult result, Map<String, Object> more) throws IOException {
    BenchmarkParams how = result.getParams();
    Map<String, Object> parameters = new TreeMap<>();
    how.getParamsKeys().forEach(key -> parameters.put(key, how.getParam(key)));
    parameters.put("mode", how.getMode().shortLabel());
    provider.ifPresent(name -> parameters.put("provider", name));
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

  /** Gives every fork its kernels and profiler. */
  static void instrument(
      ChainedOptionsBuilder options,
      Optional<String> provider,
      Optional<Bench.Profile> profile,
      Path out) {
    provider.ifPresent(name -> options.jvmArgsAppend("-Dconcertina.provider=" + name));
    profile.ifPresent(
        which -> {
          switch (which) {
            case PERF -> options.addProfiler(Bench.Profile.PERF_PROFILER);
            case JFR -> options.addProfiler("jfr", "dir=" + out);
          }
        });
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
