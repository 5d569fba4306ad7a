package org.concertina.cli;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Entry point of the command line. */
@Command(
    name = "concertina",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = EngineVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    usageHelpAutoWidth = true,
    headerHeading = "",
    description = "Elastic embeddings for recommenders: train once, fit any memory budget.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {" 0:done", " 1:failed; stderr says what, where and what to do", " 2:usage"},
    subcommands = {
      DemoCommand.class,
      IngestCommand.class,
      ExperimentCommand.class,
      ReportCommand.class,
      TrainCommand.class,
      TuneCommand.class,
      SearchCommand.class,
      PackCommand.class,
      EvaluateCommand.class,
      RecommendCommand.class,
      DataCommand.class,
      InfoCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command.");
  }

  /** The parser with all commands, ready to execute. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Failures::handle)
        .setParameterExceptionHandler(Failures::handleUsage);
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.exit(commandLine().execute(args));
  }
}
