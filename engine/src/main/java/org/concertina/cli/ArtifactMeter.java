package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.memory.MemoryCap;
import org.concertina.metric.RankingQuality;
import org.concertina.record.Measurement;
import org.concertina.search.FrontPoint;
import org.concertina.serve.DeviceRuntime;
import org.concertina.train.TrainedModel;

/** Packs configurations of one model and measures them through the runtime. */
final class ArtifactMeter {
  /** Unit of every quality. */
  static final String UNIT = "Recall@20";

  private final ExperimentSetup setup;
  private final TrainedModel model;
  private final Groups groups;
  private final PackService pack;

  ArtifactMeter(ExperimentSetup setup, TrainedModel model) {
    this.setup = setup;
    this.model = model;
    this.groups = setup.groups(model);
    this.pack = new PackService(model, groups, !setup.searchOptions().noIds);
  }

  /** Of a configuration that was judged, with what the judges said. */
  Measurement measure(FrontPoint point, Map<String, Object> more)
      throws IOException, CommandFailure {
    Map<String, Object> details = new LinkedHashMap<>(SearchReport.point(point, groups));
    details.putAll(more);
    return measure(point.config(), details);
  }

  /** Of any configuration, on the set-up's split. */
  Measurement measure(ElasticConfig config, Map<String, Object> more)
      throws IOException, CommandFailure {
    Path artifact = Files.createTempFile(setup.folder(), "measured", ".cnct");
    try {
      pack.pack(config, artifact);
      try (DeviceRuntime runtime = DeviceRuntime.open(artifact, MemoryCap.unlimited())) {
        Map<String, Object> details = new LinkedHashMap<>(more);
        details.put("fullTableBytes", pack.layout().fullTableBytes());
        details.put("choices", choices(config));
        details.put(Coverage.KEY, runtime.info().coverage());
        return quality(
            new EvaluateService(setup.session())
                .artifact(runtime, model, setup.data(), setup.split(), setup.cutoffs()),
            runtime.info().fileBytes(),
            setup.split(),
            details);
      }
    } finally {
      Files.deleteIfExists(artifact);
    }
  }

  /** A record of quality; the score is Recall@20. */
  static Measurement quality(
      List<RankingQuality> qualities, long fileBytes, Split split, Map<String, Object> more) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("split", split.toString());
    details.put("users", qualities.getFirst().users());
    details.put("fileBytes", fileBytes);
    details.putAll(Json.metrics(qualities));
    more.forEach(details::putIfAbsent);
    return Measurement.of(qualities.getFirst().recall(), UNIT, details);
  }

  /** Blocks and precision of every group, most popular first: {@code "11110000 int4"}. */
  private static List<String> choices(ElasticConfig config) {
    return config.choices().stream().map(choice -> text(choice, config.shape().blocks())).toList();
  }

  private static String text(BlockChoice choice, int blocks) {
    StringBuilder text = new StringBuilder();
    for (int n = 0; n < blocks; n++) {
      text.append(choice.keeps(n) ? '1' : '0');
    }
    return text + " " + SearchReport.name(choice);
  }
}
