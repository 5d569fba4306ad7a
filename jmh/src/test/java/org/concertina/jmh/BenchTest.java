package org.concertina.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.concertina.kernel.ffm.NativeVectorOps;
import org.concertina.record.RecordLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import picocli.CommandLine;

class BenchTest {
  /**
   * What a quick run leaves out: whole epochs, calls that do nothing, and artifacts of one's own.
   */
  private static final Set<String> NOT_QUICK =
      Set.of(
          "org.concertina.train.BprEpochBenchmark",
          "org.concertina.jmh.NativeCallBenchmark",
          "org.concertina.jmh.ArtifactBenchmark");

  @TempDir private Path folder;

  private final StringWriter err = new StringWriter();

  private int bench(String... arguments) {
    return new CommandLine(new Bench())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setErr(new PrintWriter(err, true))
        .setOut(new PrintWriter(new StringWriter()))
        .execute(arguments);
  }

  private static String family(String benchmark) {
    return benchmark.substring(0, benchmark.lastIndexOf('.'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --quick --full                | --quick, --full: expected one of them
          --provider avx                | --provider: expected scalar, panama or native, got avx
          --include [                   | --include: Unclosed character class
          --include NoSuchBenchmark     | no benchmark of a quick run has such a name
          --full --include NoSuch       | no benchmark of JMH has such a name
          --profile gc                  | Invalid value for option '--profile'
          --quicker                     | Unknown option
          """)
  void wrongValuesAreRefused(String line, String expected) {
    assertEquals(2, bench((line + " --out " + folder.resolve("out")).split(" ")), line);
    assertTrue(err.toString().contains(expected), err.toString());
    assertFalse(Files.exists(folder.resolve("out")), "nothing is made for a refused call");
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertEquals(2, bench("--out", file.toString()));
    assertTrue(err.toString().contains("is a file; name a folder"), err.toString());
  }

  @Test
  void perfThatIsNotThereIsSaidWithItsRemedy() {
    Optional<String> missing = Bench.missingPerf();
    assumeTrue(missing.isPresent(), "perf counts here, so nothing is refused");
    Path out = folder.resolve("out");
    assertEquals(1, bench("--profile", "perf", "--out", out.toString()));
    assertEquals("concertina bench: " + missing.get(), err.toString().strip());
    assertTrue(missing.get().contains("linux-perf"), missing.get());
    assertTrue(missing.get().contains("perf_event_paranoid"), missing.get());
    assertFalse(Files.exists(out));
  }

  @Test
  void quickRunsEveryFamilyOnce() {
    Set<String> missed = new TreeSet<>();
    for (String name : Bench.names()) {
      long plans =
          BenchPlan.quick(Optional.empty()).stream().filter(plan -> plan.mayMatch(name)).count();
      assertTrue(plans <= 1, name + " is in several plans");
      if (plans == 0) {
        missed.add(family(name));
      }
    }
    assertEquals(new TreeSet<>(NOT_QUICK), missed);
  }

  @Test
  void fullRunsEverything() {
    List<BenchPlan> plans = BenchPlan.full();
    assertEquals(1, plans.size());
    assertFalse(Bench.names().isEmpty());
    for (String name : Bench.names()) {
      assertTrue(plans.getFirst().mayMatch(name), name);
    }
    assertTrue(plans.getFirst().parameters().isEmpty(), "the annotations say which");
  }

  @Test
  void quickSetsParametersThatTheBenchmarksHave() throws ReflectiveOperationException {
    for (BenchPlan plan : BenchPlan.quick(Optional.empty())) {
      Set<String> families =
          Bench.names().stream()
              .filter(plan::mayMatch)
              .map(BenchTest::family)
              .collect(Collectors.toSet());
      assertEquals(1, families.size(), plan.include());
      Class<?> type = Class.forName(families.iterator().next());
      for (String parameter : plan.parameters().keySet()) {
        assertTrue(
            type.getField(parameter).isAnnotationPresent(Param.class), type + "." + parameter);
      }
    }
  }

  @Test
  void theReportComparesBenchmarksThatAreThere() throws IOException {
    JsonNode comparisons;
    try (InputStream peers =
        RecordLog.class.getResourceAsStream("/org/concertina/report/peers.json")) {
      comparisons = new ObjectMapper().readTree(peers);
    }
    Set<String> compared = new TreeSet<>();
    comparisons.forEach(
        one -> one.get("ours").forEach(o -> compared.add(o.get("benchmark").asText())));
    compared.remove("full-table");
    assertFalse(compared.isEmpty());
    for (String benchmark : compared) {
      assertTrue(Bench.names().stream().anyMatch(n -> n.endsWith("." + benchmark)), benchmark);
    }
  }

  @ParameterizedTest
  @CsvSource({"scalar", "panama", "native"})
  void theProviderIsThatOfPlansAndForks(String provider) {
    Optional<String> chosen = Optional.of(provider);
    for (BenchPlan plan : BenchPlan.quick(chosen)) {
      List<String> own = plan.parameters().get("provider");
      // Kernels that no C replaces stay those of the Vector API.
      assertTrue(
          own == null
              || own.equals(List.of(provider))
              || (provider.equals("native") && own.equals(List.of("panama"))),
          plan.toString());
    }
    assertEquals(
        List.of("-Dconcertina.provider=" + provider),
        List.copyOf(options(chosen, Optional.empty()).getJvmArgsAppend().get()));
  }

  @Test
  void withoutAProviderTheBestOfTheMachineRuns() {
    String best = NativeVectorOps.available() ? "native" : "panama";
    assertTrue(
        BenchPlan.quick(Optional.empty()).stream()
            .anyMatch(plan -> List.of(best).equals(plan.parameters().get("provider"))));
    assertFalse(options(Optional.empty(), Optional.empty()).getJvmArgsAppend().hasValue());
  }

  @Test
  void profilersAreThoseOfJmh() {
    assertEquals(Map.of(), profilers(Optional.empty()));
    assertEquals(Map.of("perfnorm", ""), profilers(Optional.of(Bench.Profile.PERF)));
    assertEquals(Map.of("jfr", "dir=" + folder), profilers(Optional.of(Bench.Profile.JFR)));
  }

  /** Without those of every run. */
  private Map<String, String> profilers(Optional<Bench.Profile> profile) {
    Map<String, String> profilers =
        options(Optional.empty(), profile).getProfilers().stream()
            .collect(Collectors.toMap(p -> p.getKlass(), p -> p.getOpts()));
    assertTrue(profilers.remove("gc") != null, "allocation is always measured");
    assertTrue(profilers.remove(ProviderProfiler.class.getName()) != null, "forks name kernels");
    return profilers;
  }

  private Options options(Optional<String> provider, Optional<Bench.Profile> profile) {
    BenchPlan plan = BenchPlan.quick(provider).getFirst();
    ChainedOptionsBuilder options =
        plan.options("org.concertina.jmh.RowOpsBenchmark.dot", plan.parameters());
    BenchRun.instrument(options, provider, profile, folder);
    return options.build();
  }

  @Test
  void quickForksAreShortAndTheOthersAsAnnotated() {
    Options quick = options(Optional.empty(), Optional.empty());
    assertEquals(1, quick.getForkCount().get());
    assertEquals(List.of("^\\Qorg.concertina.jmh.RowOpsBenchmark.dot\\E$"), quick.getIncludes());
    assertEquals(List.of("64"), List.copyOf(quick.getParameter("dim").get()));
    Options full = BenchPlan.full().getFirst().options("a.Benchmark.run", Map.of()).build();
    assertFalse(full.getForkCount().hasValue() || full.getMeasurementTime().hasValue());
  }
}
