package org.concertina.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command: opens the session, runs, prints the report. */
abstract class EngineCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  /**
   * Does the work.
   *
   * @throws CommandFailure if it cannot be done, with what the user can do about it
   */
  abstract Report run(Session session) throws IOException, CommandFailure;

  @Override
  public final Integer call() throws IOException, CommandFailure {
    if (common.threads < 1) {
      throw usage("--threads: expected at least 1, got " + common.threads);
    }
    CommandLine line = spec.commandLine();
    Console console = new Console(line.getOut(), line.getErr(), common.json);
    try (Session session = new Session(console, common.threads, common.seed)) {
      console.print(run(session));
    } catch (OutOfMemoryError tooLarge) {
      throw new CommandFailure(
          "out of memory (%s): give Java more with CONCERTINA_JAVA_OPTS=-Xmx8g, or use a larger machine"
              .formatted(tooLarge.getMessage()));
    }
    return CommandLine.ExitCode.OK;
  }

  /** An error in how the command was called; exit code 2. */
  final ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
