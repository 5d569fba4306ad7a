package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.datasets.catalogue.DatasetEntry;
import org.concertina.datasets.catalogue.FolderCheck;
import org.concertina.datasets.catalogue.FolderCheck.Finding;
import org.concertina.datasets.catalogue.FolderCheck.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concertina data verify}. */
@Command(
    name = "verify",
    description = {
      "Compare a folder with the catalogue: checksums, users, items, interactions.",
      "Exit code 1 if anything is not as it should be. What the catalogue does not know is listed"
          + " as unchecked."
    })
final class DataVerifyCommand extends EngineCommand {
  @Parameters(
      paramLabel = "DIR|NAME",
      description = "A folder, or a set that was fetched into data/NAME.")
  private String target;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The set that the folder should be (default: the folder's own name).")
  private String name;

  @Mixin private CatalogueOptions catalogue;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    Path folder = Path.of(target);
    if (!Files.isDirectory(folder) && catalogue.catalogue().find(target).isPresent()) {
      folder = CatalogueOptions.folder(target);
    }
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(
          folder + ": there is no such folder; name one, or a set after 'data fetch'");
    }
    String own = folder.toAbsolutePath().normalize().getFileName().toString();
    DatasetEntry entry = catalogue.entry(name == null ? own : name);
    List<Finding> findings = FolderCheck.of(entry, folder);
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings) {
      lines.add(
          "%-12s %-9s %s (expected: %s)"
              .formatted(
                  finding.subject(), text(finding.verdict()), finding.found(), finding.expected()));
    }
    long wrong = findings.stream().filter(f -> f.verdict() == Verdict.WRONG).count();
    if (wrong > 0) {
      lines.forEach(session.console()::note);
      throw new CommandFailure(
          "%s is not the %s of the catalogue: %d of %d checks failed; fetch it again with --fresh"
              .formatted(folder, entry.name(), wrong, findings.size()));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", entry.name());
    json.put("folder", folder.toString());
    json.put("findings", findings);
    return new Report(json, lines);
  }

  private static String text(Verdict verdict) {
    return switch (verdict) {
      case OK -> "ok";
      case WRONG -> "WRONG";
      case UNCHECKED -> "unchecked";
    };
  }
}
