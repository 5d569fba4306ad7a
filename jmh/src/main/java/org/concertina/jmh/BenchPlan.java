package org.concertina.jmh;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.concertina.kernel.ffm.NativeVectorOps;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.WarmupMode;

/**
 * Which benchmarks run, with which parameters.
 *
 * @param include pattern of the benchmarks' names
 * @param parameters in place of the benchmark's own
 * @param quick whether in one short fork
 */
record BenchPlan(String include, Map<String, List<String>> parameters, boolean quick) {
  private static final String CAPS = "CapBenchmark";

  /** Every family once, at a telling size; about three minutes on two idle cores. */
  static List<BenchPlan> quick(Optional<String> provider) {
    String[] providers =
        provider
            .map(name -> new String[] {name})
            .orElse(
                NativeVectorOps.available()
                    ? new String[] {"panama", "native"}
                    : new String[] {"panama"});
    String best = providers[providers.length - 1];
    String vector = best.equals("native") ? "panama" : best;
    return List.of(
        of("RowOpsBenchmark", "dim=64", "provider=" + best),
        of(
            "ScoreTilesBenchmark",
            "rows=40981",
            "dims=64",
            "provider=" + String.join(",", providers)),
        of("MatmulBenchmark", "dim=64", "provider=" + best),
        of("SparseBenchmark", "dim=64", "provider=" + vector),
        of("SparseRowsBenchmark", "rows=40981", "provider=" + best),
        of("BprBenchmark", "dim=64", "provider=" + best),
        of("BprRowsBenchmark", "rows=40981", "provider=" + best),
        of("SoftmaxStepBenchmark", "dim=64", "threads=1", "provider=" + best),
        of("JudgeBenchmark", "users=1000", "cutoff=20"),
        of("EstimatorBenchmark"),
        of("FrontLookUpBenchmark", "points=300"),
        of("SearchOperatorsBenchmark", "groups=20"),
        of("IngestBenchmark"),
        of("PackBenchmark", "items=10000", "precision=INT8"),
        of("RecommendBenchmark", "budget=SKEWED", "precision=INT8"),
        of(CAPS, "items=10000,100000", "precision=INT8", "cap=256KB,1MB,5MB,unlimited"));
  }

  /** Everything, as its annotations say. */
  static List<BenchPlan> full() {
    return List.of(new BenchPlan("Benchmark\\.", Map.of(), false));
  }

  private static BenchPlan of(String name, String... settings) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String setting : settings) {
      int at = setting.indexOf('=');
      parameters.put(setting.substring(0, at), List.of(setting.substring(at + 1).split(",")));
    }
    return new BenchPlan("\\." + name + "\\.", parameters, true);
  }

  /** Whether this plan may run something that a pattern finds. */
  boolean mayMatch(String name) {
    return Pattern.compile(include).matcher(name).find();
  }

  /** JMH's options for one benchmark with these parameters. */
  ChainedOptionsBuilder options(String name, Map<String, List<String>> chosen) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(name) + "$")
            .addProfiler("gc")
            .addProfiler(ProviderProfiler.class)
            .shouldFailOnError(false)
            .warmupMode(WarmupMode.INDI);
    chosen.forEach((key, values) -> options.param(key, values.toArray(String[]::new)));
    if (quick) {
      options
          .forks(1)
          .warmupIterations(3)
          .warmupTime(TimeValue.milliseconds(600))
          .measurementIterations(3)
          .measurementTime(TimeValue.milliseconds(300));
    }
    return options;
  }

  static boolean isCaps(String name) {
    return name.contains("." + CAPS + ".");
  }
}
