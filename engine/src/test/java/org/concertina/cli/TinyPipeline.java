package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.concertina.datasets.SyntheticConfig;
import org.concertina.datasets.SyntheticInteractions;

/** A data set of 200 items and a model of it; made in a second. */
final class TinyPipeline {
  private static final List<String> SETTINGS =
      List.of(
          "--dim=16",
          "--blocks=4",
          "--groups=5",
          "--epochs=4",
          "--evaluate-every=2",
          "--negatives=64",
          "--history-epochs=0",
          "--batch-size=256",
          "--learning-rate=0.02",
          "--threads=2");

  private TinyPipeline() {}

  static Path writeData(Path folder, long seed) throws IOException {
    SyntheticInteractions.generate(SyntheticConfig.small().withSize(300, 200, 15).withSeed(seed))
        .writeTo(folder);
    return folder;
  }

  /** Trains with the tiny settings, of which {@code more} may replace some. */
  static CommandRun train(Path data, Path model, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("train", "--data", data, "--out", model));
    List<Object> given = List.of(more);
    for (String setting : SETTINGS) {
      String name = setting.substring(0, setting.indexOf('=') + 1);
      if (given.stream().noneMatch(other -> other.toString().startsWith(name))) {
        arguments.add(setting);
      }
    }
    arguments.addAll(given);
    return CommandRun.of(arguments.toArray());
  }
}
