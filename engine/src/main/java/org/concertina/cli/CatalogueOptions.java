package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.concertina.datasets.catalogue.Catalogue;
import org.concertina.datasets.catalogue.DatasetEntry;
import picocli.CommandLine.Option;

/** Which catalogue, and where its sets lie. */
final class CatalogueOptions {
  @Option(
      names = "--catalogue",
      paramLabel = "FILE",
      description =
          "A catalogue of your own, JSON in the form of the built-in one (default: the built-in"
              + " one).")
  private Path file;

  Catalogue catalogue() throws IOException {
    return file == null ? Catalogue.builtIn() : Catalogue.read(file);
  }

  DatasetEntry entry(String name) throws IOException, CommandFailure {
    Catalogue catalogue = catalogue();
    return catalogue
        .find(name)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "%s: no such data set; there are %s"
                        .formatted(
                            name,
                            catalogue.entries().stream()
                                .map(DatasetEntry::name)
                                .collect(Collectors.joining(", ")))));
  }

  /** Where a set lies if no folder is named. */
  static Path folder(String name) {
    return Path.of("data", name);
  }
}
