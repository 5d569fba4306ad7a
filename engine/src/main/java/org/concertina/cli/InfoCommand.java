package org.concertina.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code concertina info}. */
@Command(name = "info", description = "Say what this machine computes with.")
final class InfoCommand extends EngineCommand {
  @Override
  Report run(Session session) {
    Map<String, Object> json = Environment.json(session);
    List<String> lines = new ArrayList<>();
    json.forEach((key, value) -> lines.add("%-15s %s".formatted(key, value)));
    return new Report(json, lines);
  }
}
