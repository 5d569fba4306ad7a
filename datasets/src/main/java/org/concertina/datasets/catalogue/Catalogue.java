package org.concertina.datasets.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The data sets that a manifest names. Immutable. */
public final class Catalogue {
  private static final int SCHEMA = 1;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final List<DatasetEntry> entries;

  private Catalogue(List<DatasetEntry> entries) {
    this.entries = List.copyOf(entries);
  }

  private record Manifest(int schema, List<DatasetEntry> sets) {}

  /** The manifest that comes with the project. */
  public static Catalogue builtIn() {
    try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.json")) {
      return of(MAPPER.readValue(in, Manifest.class), "catalogue.json");
    } catch (IOException e) {
      throw new IllegalStateException("catalogue.json of the jar", e);
    }
  }

  /**
   * A manifest of one's own, of the same form.
   *
   * @throws IOException if it cannot be read or is none; the message names file, line and field
   */
  public static Catalogue read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(MAPPER.readValue(in, Manifest.class), file.toString());
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new IOException(file + ":" + line + ": " + e.getOriginalMessage(), e);
    }
  }

  /** All sets, in the manifest's order. */
  public List<DatasetEntry> entries() {
    return entries;
  }

  /** A set by its name. */
  public Optional<DatasetEntry> find(String name) {
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  private static Catalogue of(Manifest manifest, String source) throws IOException {
    if (manifest.schema() != SCHEMA || manifest.sets() == null) {
      throw new IOException(
          source + ": expected \"schema\": 1 and \"sets\", got schema " + manifest.schema());
    }
    Map<String, Long> names =
        manifest.sets().stream()
            .map(DatasetEntry::name)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    for (Map.Entry<String, Long> name : names.entrySet()) {
      if (name.getValue() > 1) {
        throw new IOException(source + ": two sets named " + name.getKey());
      }
    }
    return new Catalogue(manifest.sets());
  }
}
