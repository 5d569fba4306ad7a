package org.concertina.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.record.RecordReader;
import org.concertina.record.Recorded;
import org.concertina.report.ReportPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code concertina report}. */
@Command(
    name = "report",
    description = {
      "Make one HTML page, which needs nothing else, and a Markdown summary of recorded results.",
      "Takes every "
          + RecordReader.SUFFIX
          + " in the folder and below; of what was measured more than once, the last."
    })
final class ReportCommand extends EngineCommand {
  @Option(
      names = "--results",
      paramLabel = "DIR",
      required = true,
      description = "Folder with records of experiment or bench, or one such file.")
  private Path results;

  @Option(
      names = "--out",
      paramLabel = "FILE.html",
      defaultValue = "report.html",
      description = "Page to write, and beside it the same as .md (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description =
          "Folder for every plot as PNG of its own too, on light paper and, ending in -dark, on"
              + " dark.")
  private Path pictures;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    String name = out.getFileName().toString();
    if (!name.endsWith(".html")) {
      throw usage("--out: expected a name that ends in .html, got " + out);
    }
    Path summary = out.resolveSibling(name.substring(0, name.length() - ".html".length()) + ".md");
    OutputFiles.requireWritable("--out", out);
    OutputFiles.requireWritable("--out", summary);
    List<Recorded> records = RecordReader.read(results);
    if (records.isEmpty()) {
      throw new CommandFailure(
          "%s: no results in any *%s there; make some with experiment or bench"
              .formatted(results, RecordReader.SUFFIX));
    }
    ReportPage page = new ReportPage(records);
    List<String> drawn = pictures == null ? List.of() : drawPictures(page);
    write(out, page.html().getBytes(StandardCharsets.UTF_8));
    write(summary, page.markdown().getBytes(StandardCharsets.UTF_8));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("records", records.size());
    json.put("sections", page.titles());
    json.put("page", out.toString());
    json.put("summary", summary.toString());
    List<String> lines =
        new ArrayList<>(
            List.of(
                "%,d records: %s".formatted(records.size(), String.join("; ", page.titles())),
                "page: " + out,
                "summary: " + summary));
    if (pictures != null) {
      json.put("pictures", drawn);
      drawn.forEach(file -> lines.add("picture: " + file));
    }
    return new Report(json, lines);
  }

  private List<String> drawPictures(ReportPage page) throws IOException, CommandFailure {
    OutputFiles.requireFolder("--pictures", pictures);
    Map<String, byte[]> all =
        page.pictures()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "--pictures: Java cannot draw text here; install fontconfig and a font"));
    List<String> files = new ArrayList<>();
    for (Map.Entry<String, byte[]> picture : all.entrySet()) {
      Path file = pictures.resolve(picture.getKey());
      write(file, picture.getValue());
      files.add(file.toString());
    }
    return files;
  }

  private static void write(Path file, byte[] content) throws IOException {
    OutputFiles.replace(file, temporary -> Files.write(temporary, content));
  }
}
