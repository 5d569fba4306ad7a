package org.concertina.datasets.catalogue;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A public data set as the catalogue knows it.
 *
 * @param name that commands take, also of its folder
 * @param title for people
 * @param licence as the source names it, or that it names none
 * @param terms in a sentence or two; those of the source bind
 * @param cite what to cite
 * @param page of the source
 * @param note what else to know, or null
 * @param files to fetch
 * @param format of the interactions
 * @param content files with interactions by split: {@code all}, or {@code train}, {@code valid} and
 *     {@code test}
 * @param expected counts
 */
public record DatasetEntry(
    String name,
    String title,
    String licence,
    String terms,
    String cite,
    String page,
    String note,
    List<RemoteFile> files,
    ContentFormat format,
    Map<String, String> content,
    ExpectedCounts expected) {
  private static final Set<String> SPLITS = Set.of("all", "train", "valid", "test");

  /** Checks that nothing is missing that commands need. */
  public DatasetEntry {
    if (name == null || !name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          "name: expected lower-case letters, digits and hyphens, got " + name);
    }
    require(name, "title", title);
    require(name, "licence", licence);
    require(name, "terms", terms);
    require(name, "page", page);
    require(name, "format", format);
    require(name, "expected", expected);
    if (files == null || files.isEmpty() || content == null || content.isEmpty()) {
      throw new IllegalArgumentException(name + ": expected files and content");
    }
    if (!SPLITS.containsAll(content.keySet())) {
      throw new IllegalArgumentException(
          "content of %s: expected some of %s, got %s".formatted(name, SPLITS, content.keySet()));
    }
    Set<String> names = new HashSet<>();
    for (RemoteFile file : files) {
      if (!names.add(file.name())) {
        throw new IllegalArgumentException(name + ": two files named " + file.name());
      }
    }
    files = List.copyOf(files);
    content = Collections.unmodifiableMap(new LinkedHashMap<>(content));
  }

  private static void require(String name, String field, Object value) {
    if (value == null || value.toString().isBlank()) {
      throw new IllegalArgumentException(name + ": no " + field);
    }
  }
}
