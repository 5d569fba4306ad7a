package org.concertina.datasets.catalogue;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;

/** Counts users, items and interactions of files as they are, repetitions included. */
final class ContentCounter {
  private final ContentFormat format;
  private final Set<String> users = new HashSet<>();
  private final Set<String> items = new HashSet<>();
  private final Map<String, Long> interactions = new LinkedHashMap<>();

  ContentCounter(ContentFormat format) {
    this.format = format;
  }

  /**
   * Adds a file, plain or gzip by its name.
   *
   * @throws FetchException if it is not of the format; names file and line
   */
  void add(String split, Path file) throws IOException {
    long count;
    try (InputStream in = PlainOrGzip.open(file)) {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1), 1 << 16);
      count = format.kind() == ContentFormat.Kind.LINES ? lines(file, reader) : rows(file, reader);
    }
    interactions.merge(split, count, Long::sum);
  }

  int users() {
    return users.size();
  }

  int items() {
    return items.size();
  }

  Map<String, Long> interactions() {
    return interactions;
  }

  long total() {
    return interactions.values().stream().mapToLong(Long::longValue).sum();
  }

  private long lines(Path file, BufferedReader reader) throws IOException {
    long count = 0;
    long number = 0;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      StringTokenizer words = new StringTokenizer(line, " \t:");
      if (!words.hasMoreTokens()) {
        continue;
      }
      String user = words.nextToken();
      if (!Character.isDigit(user.charAt(0))) {
        throw new FetchException(
            "%s:%d: expected a user's number, got '%s'".formatted(file, number, user));
      }
      if (words.hasMoreTokens()) {
        users.add(user);
      }
      while (words.hasMoreTokens()) {
        items.add(words.nextToken());
        count++;
      }
    }
    return count;
  }

  private long rows(Path file, BufferedReader reader) throws IOException {
    long count = 0;
    try (CsvReader<CsvRecord> records =
        CsvReader.builder().fieldSeparator(format.separator()).ofCsvRecord(reader)) {
      Iterator<CsvRecord> iterator = records.iterator();
      if (format.header() && iterator.hasNext()) {
        iterator.next();
      }
      while (iterator.hasNext()) {
        CsvRecord record = iterator.next();
        if (record.getFieldCount() < 2) {
          throw new FetchException(
              "%s:%d: expected a user and an item, got one field; is the file of another format?"
                  .formatted(file, record.getStartingLineNumber()));
        }
        users.add(record.getField(0));
        items.add(record.getField(1));
        count++;
      }
    } catch (CsvParseException | UncheckedIOException e) {
      throw new FetchException(file + ": " + e.getMessage(), e);
    }
    return count;
  }
}
