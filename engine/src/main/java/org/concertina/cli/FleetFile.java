package org.concertina.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.search.Budget;
import org.concertina.search.FrontPoint;
import org.concertina.search.ParetoFront;
import org.concertina.search.SearchSpace;

/** Device classes as CSV, and the configuration of each. */
final class FleetFile {
  private static final List<String> HEADER = List.of("name", "budget");

  private static final List<String> COLUMNS =
      List.of(
          "name",
          "budgetBytes",
          "fileBytes",
          "selectionRecallAt20",
          "selectionNdcgAt20",
          "confirmationRecallAt20",
          "confirmationNdcgAt20",
          "configuration");

  private FleetFile() {}

  /**
   * A class of devices.
   *
   * @param line where it stands in the file, for errors about it
   */
  record DeviceClass(String name, Budget budget, long line) {}

  /**
   * Reads device classes: a header line {@code name,budget}, then one line a class.
   *
   * @throws CommandFailure for the first line that is wrong, with what to do about it
   */
  static List<DeviceClass> read(Path file) throws IOException, CommandFailure {
    Map<String, Long> lines = new HashMap<>();
    List<DeviceClass> fleet = new ArrayList<>();
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .detectBomHeader(true)
            .ofCsvRecord(file)) {
      boolean header = true;
      for (CsvRecord row : reader) {
        if (header) {
          requireHeader(file, row);
          header = false;
          continue;
        }
        DeviceClass device = device(file, row);
        Long before = lines.putIfAbsent(device.name(), device.line());
        if (before != null) {
          throw wrong(
              file,
              device.line(),
              "'%s' stands in line %d already; give every device class a name of its own"
                  .formatted(device.name(), before));
        }
        fleet.add(device);
      }
    } catch (CsvParseException malformed) {
      throw new CommandFailure(
          "%s: %s; close every quote and write a quote within a field twice"
              .formatted(file, reason(malformed)));
    } catch (CharacterCodingException notText) {
      throw new CommandFailure(file + ": is not UTF-8 text; save it as UTF-8");
    }
    if (fleet.isEmpty()) {
      throw new CommandFailure(
          file + ": has no device class; write a line name,budget and one line a class below it");
    }
    return fleet;
  }

  private static String reason(CsvParseException malformed) {
    Throwable cause = malformed.getCause();
    return cause == null
        ? malformed.getMessage()
        : malformed.getMessage() + " " + cause.getMessage();
  }

  private static void requireHeader(Path file, CsvRecord row) throws CommandFailure {
    if (!row.getFields().stream().map(String::strip).toList().equals(HEADER)) {
      throw wrong(
          file,
          row.getStartingLineNumber(),
          "expected the header name,budget, got %s".formatted(String.join(",", row.getFields())));
    }
  }

  private static DeviceClass device(Path file, CsvRecord row) throws CommandFailure {
    long line = row.getStartingLineNumber();
    if (row.getFieldCount() != HEADER.size()) {
      throw wrong(
          file,
          line,
          "expected a name and a budget such as watch,2MB, got %d fields"
              .formatted(row.getFieldCount()));
    }
    String name = row.getField(0).strip();
    if (name.isEmpty()) {
      throw wrong(file, line, "the device class has no name; write one before the comma");
    }
    try {
      return new DeviceClass(name, Budget.parse(row.getField(1)), line);
    } catch (IllegalArgumentException malformed) {
      throw wrong(file, line, malformed.getMessage());
    }
  }

  private static CommandFailure wrong(Path file, long line, String what) {
    return new CommandFailure("%s line %d: %s".formatted(file, line, what));
  }

  /**
   * Checks before a search that a class can be served at all.
   *
   * @throws CommandFailure if not even the smallest artifact fits
   */
  static void requireFits(Path file, DeviceClass device, SearchSpace space, ArtifactLayout layout)
      throws CommandFailure {
    try {
      space.checkBudget(layout, device.budget().bytes(layout));
    } catch (IllegalArgumentException tooSmall) {
      throw wrong(file, device.line(), "'%s': %s".formatted(device.name(), tooSmall.getMessage()));
    }
  }

  /**
   * The best point of a front for every device class, in their order.
   *
   * @throws CommandFailure for the first class whose budget is too small
   */
  static List<FrontPoint> choose(
      Path file, List<DeviceClass> fleet, ParetoFront front, ArtifactLayout layout)
      throws CommandFailure {
    List<FrontPoint> chosen = new ArrayList<>(fleet.size());
    for (DeviceClass device : fleet) {
      try {
        chosen.add(front.best(device.budget().bytes(layout)));
      } catch (IllegalArgumentException tooSmall) {
        throw wrong(
            file, device.line(), "'%s': %s".formatted(device.name(), tooSmall.getMessage()));
      }
    }
    return chosen;
  }

  /**
   * Writes the configurations, whole or not at all. A configuration is a word a group: precision
   * and mask of the kept blocks in hexadecimal, such as {@code int8:ff}, or {@code dropped}. If one
   * drops a group there is a column with the share of the catalogue that is left.
   */
  static void write(
      Path out, List<DeviceClass> fleet, List<FrontPoint> chosen, ArtifactLayout layout)
      throws IOException {
    OutputFiles.replace(out, temporary -> writeTo(temporary, fleet, chosen, layout));
  }

  private static void writeTo(
      Path file, List<DeviceClass> fleet, List<FrontPoint> chosen, ArtifactLayout layout)
      throws IOException {
    try (CsvWriter writer = CsvWriter.builder().build(file)) {
      boolean covers = Coverage.matters(chosen.stream().map(FrontPoint::config).toList());
      List<String> head = new ArrayList<>(COLUMNS);
      if (covers) {
        head.add(Coverage.KEY);
      }
      writer.writeRecord(head);
      for (int i = 0; i < fleet.size(); i++) {
        FrontPoint point = chosen.get(i);
        List<String> line = new ArrayList<>();
        line.add(fleet.get(i).name());
        line.add(Long.toString(fleet.get(i).budget().bytes(layout)));
        line.add(Long.toString(point.fileBytes()));
        line.add(number(Optional.of(point.selection().recall())));
        line.add(number(Optional.of(point.selection().ndcg())));
        line.add(number(point.confirmation().map(verdict -> verdict.recall())));
        line.add(number(point.confirmation().map(verdict -> verdict.ndcg())));
        line.add(String.join(" ", point.config().choices().stream().map(FleetFile::word).toList()));
        if (covers) {
          line.add(number(Optional.of(point.config().coverage(layout.groups()))));
        }
        writer.writeRecord(line);
      }
    }
  }

  private static String number(Optional<Double> value) {
    return value.map("%.6f"::formatted).orElse("");
  }

  private static String word(BlockChoice choice) {
    return choice.isDropped()
        ? SearchReport.name(choice)
        : "%s:%x".formatted(SearchReport.name(choice), choice.blockMask());
  }
}
