package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.concertina.record.RunEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code concertina info}. */
@Command(
    name = "info",
    description = "Say what this machine computes with, or what data holds and was made from.")
final class InfoCommand extends EngineCommand {
  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "Folder with train.txt[.gz] and optionally valid and test, or a data file.")
  private Path data;

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description =
          "Write every item's number, by which an artifact knows it, and its name, between tabs;"
              + " needs --data.")
  private Path names;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    if (data != null) {
      if (names != null) {
        OutputFiles.requireWritable("--names", names, data);
      }
      return DataInfo.of(data, names);
    }
    if (names != null) {
      throw usage("--names: needs --data, whose names are written");
    }
    Map<String, Object> json = RunEnvironment.capture();
    List<String> lines = new ArrayList<>();
    json.forEach((key, value) -> lines.add("%-15s %s".formatted(key, value)));
    return new Report(json, lines);
  }
}
