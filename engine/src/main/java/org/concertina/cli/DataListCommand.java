package org.concertina.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.datasets.catalogue.DatasetEntry;
import org.concertina.datasets.catalogue.ExpectedCounts;
import org.concertina.datasets.catalogue.RemoteFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code concertina data list}. */
@Command(
    name = "list",
    description = "List the public data sets of the catalogue, or describe one.")
final class DataListCommand extends EngineCommand {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The set to describe.")
  private String name;

  @Mixin private CatalogueOptions catalogue;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    List<DatasetEntry> entries =
        name == null ? catalogue.catalogue().entries() : List.of(catalogue.entry(name));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sets", entries.stream().map(DataListCommand::json).toList());
    return new Report(json, name == null ? table(entries) : description(entries.getFirst()));
  }

  private static List<String> table(List<DatasetEntry> entries) {
    List<String> lines = new ArrayList<>();
    String row = "%-20s %11s %9s %12s  %s";
    lines.add(row.formatted("name", "users", "items", "interactions", "what it is"));
    for (DatasetEntry entry : entries) {
      ExpectedCounts expected = entry.expected();
      lines.add(
          row.formatted(
              entry.name(),
              count(expected.users()),
              count(expected.items()),
              count(expected.total()),
              entry.title()));
    }
    lines.add("");
    lines.add(
        "'data list NAME' shows terms and addresses of a set, 'data fetch NAME' downloads it.");
    return lines;
  }

  private static List<String> description(DatasetEntry entry) {
    List<String> lines = new ArrayList<>();
    lines.add(entry.name() + ": " + entry.title());
    ExpectedCounts expected = entry.expected();
    lines.add(
        "counts   %s users, %s items, %s interactions"
            .formatted(count(expected.users()), count(expected.items()), count(expected.total())));
    lines.addAll(terms(entry));
    lines.add("page     " + entry.page());
    lines.add("format   " + entry.format() + ": " + String.join(", ", entry.content().values()));
    for (RemoteFile file : entry.files()) {
      lines.add("file     " + file.address());
      if (file.sha256() == null) {
        lines.add("         sha256 unknown");
      }
      file.sums().forEach(sum -> lines.add("         " + sum));
    }
    if (entry.note() != null) {
      lines.add("note     " + entry.note());
    }
    return lines;
  }

  /** What binds the user. */
  static List<String> terms(DatasetEntry entry) {
    List<String> lines = new ArrayList<>();
    lines.add("licence  " + entry.licence());
    lines.add("terms    " + entry.terms());
    if (entry.cite() != null) {
      lines.add("cite     " + entry.cite());
    }
    return lines;
  }

  private static Map<String, Object> json(DatasetEntry entry) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", entry.name());
    json.put("title", entry.title());
    json.put("licence", entry.licence());
    json.put("terms", entry.terms());
    json.put("cite", entry.cite());
    json.put("page", entry.page());
    json.put("note", entry.note());
    json.put("format", entry.format());
    json.put("content", entry.content());
    json.put("expected", entry.expected());
    json.put("files", entry.files());
    return json;
  }

  private static String count(Number number) {
    return number == null ? "unknown" : "%,d".formatted(number.longValue());
  }
}
