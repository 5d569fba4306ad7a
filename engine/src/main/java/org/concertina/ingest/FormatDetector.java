package org.concertina.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.concertina.ingest.TextLayout.JsonKeys;
import org.concertina.ingest.TextLayout.UserLines;
import org.concertina.interaction.InteractionFormatException;

/** Tells a file's layout from its first lines, or refuses to guess. */
final class FormatDetector {
  private static final int LOOK_AT_LINES = 100;
  private static final String NAME_IT =
      "name the form by --format, or the columns by --user-col" + " and --item-col";

  private final TextWindow window;
  private final TextFormat format;
  private final ColumnNames names;
  private final List<String> lines;

  private FormatDetector(TextWindow window, TextFormat format, ColumnNames names) {
    this.window = window;
    this.format = format;
    this.names = names;
    this.lines = firstLines(window);
  }

  /** The layout of the text at the window's beginning. */
  static TextLayout detect(TextWindow window, TextFormat format, ColumnNames names)
      throws IOException {
    while (window.limit == window.position && !window.exhausted()) {
      window.more();
    }
    return new FormatDetector(window, format, names).layout();
  }

  /** The first whole lines that are not blank; a first line that does not end is cut. */
  private static List<String> firstLines(TextWindow window) {
    String text = window.text(window.position, window.limit);
    List<String> lines = new ArrayList<>();
    int begin = 0;
    for (int at = 0; at <= text.length() && lines.size() < LOOK_AT_LINES; at++) {
      boolean atEnd = at == text.length();
      if (atEnd ? window.exhausted() || lines.isEmpty() : "\r\n".indexOf(text.charAt(at)) >= 0) {
        String line = text.substring(begin, at).strip();
        if (!line.isEmpty()) {
          lines.add(line);
        }
        begin = at + 1;
      }
    }
    return lines;
  }

  private TextLayout layout() throws InteractionFormatException {
    if (lines.isEmpty()) {
      throw new InteractionFormatException(
          window.file(), 0, "the file is empty", "give a file with interactions");
    }
    return switch (format) {
      case AUTO -> recognised();
      case LINES -> new UserLines();
      case MOVIELENS_TAB -> new Columns('\t', false, false, 0, 1, 2, 3);
      case MOVIELENS_DAT -> dat();
      case MOVIELENS_CSV, CSV -> table(separator());
      case RECBOLE, TSV -> table('\t');
      case JSONL -> json();
    };
  }

  private TextLayout recognised() throws InteractionFormatException {
    String first = lines.getFirst();
    if (first.startsWith("{")) {
      return json();
    }
    if (first.contains("::")) {
      return dat();
    }
    boolean numbers = lines.stream().allMatch(line -> line.matches("[0-9 \t]+"));
    if (numbers && !names.positional()) {
      return ofNumbers();
    }
    if (first.matches("[^,;|\t]*")) {
      return new UserLines();
    }
    return table(separator());
  }

  /** Digits between blanks: rows of ratings if all look like it, else lines of users. */
  private TextLayout ofNumbers() throws InteractionFormatException {
    boolean tabs = lines.stream().allMatch(line -> line.contains("\t") && !line.contains(" "));
    List<String[]> rows = lines.stream().map(line -> line.split("[ \t]+")).toList();
    boolean four = rows.stream().allMatch(row -> row.length == 4);
    boolean times = four && rows.stream().allMatch(row -> row[3].matches("[0-9]{9,13}"));
    boolean ratings = four && rows.stream().allMatch(row -> row[2].matches("[0-9]|10"));
    if (tabs && times && ratings) {
      return new Columns('\t', false, false, 0, 1, 2, 3);
    }
    boolean three = rows.stream().allMatch(row -> row.length == 3);
    if (times || (tabs && three && rows.size() > 1)) {
      throw new InteractionFormatException(
          window.file(),
          1,
          "may be lines of users or a table of ratings",
          "name it by --format lines, movielens-tab or tsv, the last with --user-col 1 --item-col"
              + " 2");
    }
    return new UserLines();
  }

  private TextLayout dat() throws InteractionFormatException {
    int fields = lines.getFirst().split("::", -1).length;
    if (fields < 2 || fields > 4) {
      throw window.fault(
          "has %d fields between \"::\"".formatted(fields), "give user::item::rating::time");
    }
    return new Columns(0, false, false, 0, 1, fields > 2 ? 2 : -1, fields > 3 ? 3 : -1);
  }

  private char separator() {
    String first = lines.getFirst();
    for (char separator : new char[] {'\t', ',', ';', '|'}) {
      if (first.indexOf(separator) >= 0) {
        return separator;
      }
    }
    return ',';
  }

  private TextLayout table(char separator) throws InteractionFormatException {
    boolean quotes = separator != '\t';
    int[] at;
    boolean header = false;
    if (names.positional()) {
      at = names.positions();
    } else {
      List<String> cells = cells(lines.getFirst(), separator);
      at = names.find(cells);
      header = at[0] >= 0 && at[1] >= 0;
      if (!header) {
        at = withoutHeader(cells);
      }
      requireFound(names.rating(), at[2]);
      requireFound(names.time(), at[3]);
    }
    if (at[0] == at[1]) {
      throw window.fault("users and items are the same column", NAME_IT);
    }
    return new Columns(separator, quotes, header, at[0], at[1], at[2], at[3]);
  }

  private void requireFound(String name, int at) throws InteractionFormatException {
    if (name != null && at < 0) {
      throw window.fault("has no column \"" + name + "\"", "name one of: " + lines.getFirst());
    }
  }

  /** user, item, then rating or time or both: only if all of it is plain numbers. */
  private int[] withoutHeader(List<String> cells) throws InteractionFormatException {
    boolean plain =
        names.user() == null
            && names.item() == null
            && cells.size() >= 2
            && cells.size() <= 4
            && cells.get(0).matches("[0-9]+")
            && cells.get(1).matches("[0-9]+");
    for (int i = 2; plain && i < cells.size(); i++) {
      plain = cells.get(i).matches("-?[0-9]+([.][0-9]*)?");
    }
    if (!plain) {
      throw window.fault(
          "the columns of user and item cannot be told from %s"
              .formatted(shortened(lines.getFirst())),
          NAME_IT + "; numbers count columns from 1 and say that there is no header");
    }
    boolean thirdIsTime = cells.size() == 3 && cells.get(2).matches("[0-9]{9,13}");
    int rating = cells.size() > 2 && !thirdIsTime ? 2 : -1;
    int time = thirdIsTime ? 2 : cells.size() > 3 ? 3 : -1;
    return new int[] {0, 1, rating, time};
  }

  private static String shortened(String line) {
    return "\"" + (line.length() > 80 ? line.substring(0, 80) + "..." : line) + "\"";
  }

  private static List<String> cells(String line, char separator) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split(java.util.regex.Pattern.quote("" + separator), -1)) {
      String name = cell.strip();
      boolean quoted = name.length() >= 2 && name.startsWith("\"") && name.endsWith("\"");
      cells.add(quoted ? name.substring(1, name.length() - 1) : name);
    }
    return cells;
  }

  private TextLayout json() throws InteractionFormatException {
    List<String> keys = JsonKeyScan.topLevel(lines.getFirst());
    int[] at = names.find(keys);
    String user = at[0] < 0 ? null : keys.get(at[0]);
    String item = at[1] < 0 ? null : keys.get(at[1]);
    if (user == null || item == null) {
      throw window.fault(
          "no key of user and item among " + keys, "name them by --user-col and --item-col");
    }
    return new JsonKeys(
        user,
        item,
        at[2] < 0 ? names.rating() : keys.get(at[2]),
        at[3] < 0 ? names.time() : keys.get(at[3]));
  }
}
