package org.concertina.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;

/** Says what data holds and, of a data file, what it was made from. */
final class DataInfo {
  private DataInfo() {}

  /**
   * Opens and describes the data.
   *
   * @param names file to write the items' names to, null for none
   */
  static Report of(Path path, Path names) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    long start = System.nanoTime();
    try (InteractionData data =
        InteractionReader.read(path, ReadOptions.defaults().withValidationShare(0))) {
      json.put("data", path.toString());
      json.put("dataHash", Json.hash(data.dataHash()));
      json.put("openSeconds", (System.nanoTime() - start) * 1e-9);
      json.put("report", data.report());
      json.put("userNames", data.userNames().isPresent());
      json.put("itemNames", data.itemNames().isPresent());
      lines.add("%s: data hash %s".formatted(path, Json.hash(data.dataHash())));
      data.report().summary().lines().forEach(lines::add);
      if (names != null) {
        writeNames(names, data);
        json.put("names", names.toString());
        lines.add("%,d names of items: %s".formatted(data.items(), names));
      }
    }
    if (Files.isRegularFile(path)) {
      String provenance = InteractionReader.readProvenance(path);
      json.put("provenance", Json.parse(provenance));
      lines.add("made from " + provenance);
    }
    return new Report(json, lines);
  }

  /** Lines of number, tab, name by ascending number; line ends and tabs within names as spaces. */
  private static void writeNames(Path file, InteractionData data) throws IOException {
    int[] ids = data.itemIds();
    Arrays.sort(ids);
    OutputFiles.replace(
        file,
        temporary -> {
          try (BufferedWriter out = Files.newBufferedWriter(temporary)) {
            for (int id : ids) {
              String name = data.itemName(data.itemIndex(id));
              out.write(id + "\t" + name.replaceAll("[\t\r\n]", " ") + "\n");
            }
          }
        });
  }
}
