package org.concertina.cli;

import picocli.CommandLine.Option;

/** Options of every command. */
final class CommonOptions {
  @Option(
      names = "--seed",
      order = 101,
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--threads",
      order = 102,
      paramLabel = "N",
      description =
          "Threads; they do not change results (default: all cores, here ${DEFAULT-VALUE}).")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--json",
      order = 103,
      description = "Print exactly one JSON object on stdout; progress stays on stderr.")
  boolean json;

  @Option(names = "--debug", order = 104, description = "Show the stack trace of a failure.")
  boolean debug;
}
