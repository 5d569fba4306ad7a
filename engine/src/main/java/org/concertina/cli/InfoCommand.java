package org.concertina.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.concertina.record.RunEnvironment;
import picocli.CommandLine.Command;

/** {@code concertina info}. */
@Command(name = "info", description = "Say what this machine computes with.")
final class InfoCommand extends EngineCommand {
  @Override
  Report run(Session session) {
    Map<String, Object> json = RunEnvironment.capture();
    List<String> lines = new ArrayList<>();
    json.forEach((key, value) -> lines.add("%-15s %s".formatted(key, value)));
    return new Report(json, lines);
  }
}
