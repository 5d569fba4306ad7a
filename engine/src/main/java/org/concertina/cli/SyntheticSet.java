package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.concertina.datasets.SyntheticConfig;
import org.concertina.datasets.SyntheticInteractions;
import picocli.CommandLine.ParseResult;

/** The data set for whoever has none. */
final class SyntheticSet {
  private SyntheticSet() {}

  /**
   * Sets what the user has not: the set is small, so fewer groups, smaller blocks and fewer epochs.
   */
  static void fit(TrainOptions options, ParseResult given) {
    if (!given.hasMatchedOption("--blocks") && !given.hasMatchedOption("--dim")) {
      options.blocks = 16;
    }
    if (!given.hasMatchedOption("--groups")) {
      options.groups = 10;
    }
    options.epochsFromNoise = 16;
    if (!given.hasMatchedOption("--evaluate-every")) {
      options.evaluateEvery = 4;
    }
  }

  /** Writes the set into a folder. */
  static Path write(Session session, Path folder) throws IOException {
    session.console().note("writes a synthetic data set to " + folder);
    SyntheticInteractions.generate(SyntheticConfig.small().withSeed(session.seed()))
        .writeTo(folder);
    return folder;
  }
}
