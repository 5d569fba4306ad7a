package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.datasets.catalogue.DatasetEntry;
import org.concertina.datasets.catalogue.DatasetFetcher;
import org.concertina.datasets.catalogue.DatasetFetcher.Fetched;
import org.concertina.datasets.catalogue.HttpDownload;
import org.concertina.datasets.catalogue.HttpSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concertina data fetch}. */
@Command(
    name = "fetch",
    description = {
      "Download a data set of the catalogue from its source, check and unpack it.",
      "Goes on where it was stopped. A file that does not match the catalogue's checksum is"
          + " refused; where the catalogue knows none, the sha256 that came is printed. The terms"
          + " of the set are between its source and you."
    })
final class DataFetchCommand extends EngineCommand {
  @Parameters(paramLabel = "NAME", description = "The set; 'data list' names them.")
  private String name;

  @Option(names = "--out", paramLabel = "DIR", description = "Its folder (default: data/NAME).")
  private Path out;

  @Option(names = "--fresh", description = "Download what is there too.")
  private boolean fresh;

  @Mixin private CatalogueOptions catalogue;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    DatasetEntry entry = catalogue.entry(name);
    Path folder = out == null ? CatalogueOptions.folder(name) : out;
    OutputFiles.requireFolder("--out", folder);
    DataListCommand.terms(entry).forEach(session.console()::note);
    List<Fetched> files;
    try (HttpDownload download = new HttpDownload(HttpSettings.defaults());
        TransferProgress progress = new TransferProgress(session.console())) {
      files = new DatasetFetcher(download).fetch(entry, folder, fresh, progress);
    }
    return report(entry, folder, files);
  }

  private static Report report(DatasetEntry entry, Path folder, List<Fetched> files) {
    List<Map<String, Object>> json = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (Fetched file : files) {
      Map<String, Object> fileJson = new LinkedHashMap<>();
      fileJson.put("path", file.path().toString());
      fileJson.put("bytes", file.bytes());
      fileJson.put("sha256", file.sha256());
      fileJson.put("checkedBy", file.checkedBy());
      fileJson.put("downloaded", file.downloaded());
      json.add(fileJson);
      lines.add(
          "%s, %,d bytes%s"
              .formatted(file.path(), file.bytes(), file.downloaded() ? "" : ", was there"));
      lines.add("  sha256 " + file.sha256());
      lines.add(
          file.checkedBy() == null
              ? "  could not be checked: the catalogue knows no checksum of it"
              : "  matches the catalogue's " + file.checkedBy());
    }
    if (entry.note() != null) {
      lines.add("note: " + entry.note());
    }
    lines.add("counts: concertina data verify --name " + entry.name() + " " + folder);
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("name", entry.name());
    report.put("folder", folder.toString());
    report.put("licence", entry.licence());
    report.put("terms", entry.terms());
    report.put("files", json);
    return new Report(report, lines);
  }
}
