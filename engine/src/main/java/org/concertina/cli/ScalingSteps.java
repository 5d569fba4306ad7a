package org.concertina.cli;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.cli.TrainService.Again;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.FloatTable;
import org.concertina.memory.MemoryCap;
import org.concertina.record.Measurement;
import org.concertina.search.SearchConfig;
import org.concertina.serve.DeviceRuntime;
import org.concertina.serve.Recommender;
import org.concertina.train.EncoderKind;
import org.concertina.train.Loss;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainedModel;

/** Steps that do the same work on more and more threads. */
final class ScalingSteps {
  private static final long WARM_UP_NANOS = 2_000_000_000L;
  private static final long SERVING_NANOS = 3_000_000_000L;
  private static final int K = 20;

  private final ExperimentSetup setup;
  private final ReadOptions reading;
  private boolean warm;

  ScalingSteps(ExperimentSetup setup, ReadOptions reading) {
    this.setup = setup;
    this.reading = reading;
  }

  /** Training, search and serving with 1, 2, 4, ... and all threads of the session. */
  List<Step> steps() {
    long seed = setup.seeds().getFirst();
    TrainConfig train = setup.train(seed);
    List<Step> steps = new ArrayList<>();
    for (int threads : threadCounts()) {
      steps.add(step("training", train, threads, "pairs/s", this::pairsPerSecond));
      if (train.encoder().kind() == EncoderKind.FACTOR && train.objective().loss() != Loss.BPR) {
        TrainConfig lockFree = TrainVariants.lockFree(train);
        steps.add(step("training, lock-free", lockFree, threads, "pairs/s", this::pairsPerSecond));
      }
    }
    for (int threads : threadCounts()) {
      steps.add(step("search", train, threads, "s", this::searchSeconds));
    }
    for (int threads : threadCounts()) {
      steps.add(step("serving", train, threads, "requests/s", this::requestsPerSecond));
    }
    return steps;
  }

  private Set<Integer> threadCounts() {
    int most = setup.session().pool().threads();
    Set<Integer> counts = new TreeSet<>();
    for (int threads = 1; threads < most; threads *= 2) {
      counts.add(threads);
    }
    counts.add(most);
    return counts;
  }

  @FunctionalInterface
  private interface Work {
    double measure(Session session, TrainConfig train) throws IOException, CommandFailure;
  }

  private Step step(String choice, TrainConfig train, int threads, String unit, Work work) {
    Map<String, Object> parameters = setup.parameters(choice, train);
    parameters.put("threads", threads);
    parameters.put("strategy", setup.searchOptions().strategy.toString());
    return new Step(
        "%s with %d threads".formatted(choice, threads),
        List.of(new Step.Entry("scaling", parameters)),
        () -> {
          try (Session session = new Session(setup.session().console(), threads, train.seed())) {
            return List.of(
                Measurement.of(work.measure(session, train), unit, new LinkedHashMap<>()));
          }
        });
  }

  /** The first run of a process is done twice: the JVM compiles during the first. */
  private double pairsPerSecond(Session session, TrainConfig train)
      throws IOException, CommandFailure {
    if (!warm) {
      warm = true;
      pairsPerSecond(session, train);
    }
    Path folder = Files.createTempDirectory(setup.folder(), "scaling");
    Path model = folder.resolve("model");
    try {
      return new TrainService(session)
          .train(setup.data(), reading, train, null, model, Again.FRESH)
          .pairsPerSecond();
    } finally {
      for (String left : List.of("model", "model.checkpoint")) {
        Files.deleteIfExists(folder.resolve(left));
      }
      Files.delete(folder);
    }
  }

  private double searchSeconds(Session session, TrainConfig train)
      throws IOException, CommandFailure {
    try (TrainedModel model = setup.models().open(train)) {
      SearchService service =
          new SearchService(
              session, model, setup.data(), model.groups(), !setup.searchOptions().noIds);
      SearchConfig search = setup.search(train.seed(), setup.searchOptions().strategy);
      long start = System.nanoTime();
      service.search(
          setup.space(train), search, setup.budgets(), setup.searchOptions().judgeBytes());
      return (System.nanoTime() - start) * 1e-9;
    }
  }

  /** The plain int8 table; every thread asks for another user at a time. */
  private double requestsPerSecond(Session session, TrainConfig train)
      throws IOException, CommandFailure {
    Path artifact = Files.createTempFile(setup.folder(), "serving", ".cnct");
    try (TrainedModel model = setup.models().open(train)) {
      new PackService(model, model.groups(), true)
          .pack(
              ElasticConfig.uniform(
                  train.shape(), train.groups(), train.shape().blocks(), Precision.INT8),
              artifact);
      try (DeviceRuntime runtime = DeviceRuntime.open(artifact, MemoryCap.unlimited())) {
        serve(session, runtime, model.embeddings().users(), WARM_UP_NANOS);
        return serve(session, runtime, model.embeddings().users(), SERVING_NANOS);
      }
    } finally {
      Files.deleteIfExists(artifact);
    }
  }

  private static double serve(
      Session session, DeviceRuntime runtime, FloatTable users, long nanos) {
    LongAdder requests = new LongAdder();
    long start = System.nanoTime();
    session
        .pool()
        .run(
            session.pool().threads(),
            (task, worker) -> requests.add(askUntil(runtime, users, task, start + nanos)));
    return requests.sum() / ((System.nanoTime() - start) * 1e-9);
  }

  private static long askUntil(DeviceRuntime runtime, FloatTable users, int first, long end) {
    int[] rows = new int[K];
    float[] scores = new float[K];
    MemorySegment vectors = users.segment();
    long asked = 0;
    try (Recommender recommender = runtime.newRecommender()) {
      while (System.nanoTime() < end) {
        long user = (first + asked) % users.rows();
        recommender.recommend(vectors, users.rowOffsetBytes(user), K, null, rows, scores);
        asked++;
      }
    }
    return asked;
  }
}
