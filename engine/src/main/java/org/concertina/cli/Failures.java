package org.concertina.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.concertina.memory.MemoryCapExceededException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into messages and exit codes. */
final class Failures {
  private Failures() {}

  /** A command failed: exit code 1. */
  static int handle(Exception failure, CommandLine line, ParseResult ignored) {
    String message = message(failure);
    boolean debug = false;
    if (line.getCommand() instanceof EngineCommand command) {
      debug = command.common.debug;
      if (command.common.json) {
        Json.print(line.getOut(), Map.of("error", message));
      }
    }
    PrintWriter err = line.getErr();
    err.println(line.getCommandSpec().qualifiedName() + ": " + message);
    if (debug) {
      failure.printStackTrace(err);
    }
    err.flush();
    return ExitCode.SOFTWARE;
  }

  /** The arguments are wrong: exit code 2. */
  static int handleUsage(ParameterException failure, String[] ignored) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    String name = line.getCommandSpec().qualifiedName();
    err.println(name + ": " + failure.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
      err.println("Try: " + name + " --help");
    }
    err.flush();
    return ExitCode.USAGE;
  }

  static String message(Exception failure) {
    return switch (failure) {
      case NoSuchFileException missing ->
          missing.getFile()
              + ": "
              + (missing.getReason() == null ? "there is no such file" : missing.getReason())
              + "; check the path";
      case AccessDeniedException denied ->
          denied.getFile() + ": access denied; check the permissions of the file and its folder";
      case FileSystemException other -> other.getFile() + ": " + reason(other);
      case CommandFailure known -> known.getMessage();
      case MemoryCapExceededException capped -> capped.getMessage();
      case IOException other -> other.getMessage() == null ? other.toString() : other.getMessage();
      case IllegalArgumentException refused when refused.getMessage() != null ->
          refused.getMessage();
      default -> "internal error: " + failure + "; run again with --debug and report it";
    };
  }

  private static String reason(FileSystemException failure) {
    return failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
  }
}
