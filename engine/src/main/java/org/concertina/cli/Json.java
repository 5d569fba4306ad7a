package org.concertina.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.metric.RankingQuality;

/** JSON as the commands print it. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Prints one object on one line. */
  static void print(PrintWriter out, Object value) {
    try {
      out.println(MAPPER.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new AssertionError("a report that is no JSON", e);
    }
    out.flush();
  }

  /** JSON that was written before, to be part of what is printed. */
  static Object parse(String json) throws IOException {
    return MAPPER.readTree(json);
  }

  /** Writes one object to a file, which appears whole or not at all. */
  static void write(Path file, Object value) throws IOException {
    byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
    OutputFiles.replace(file, temporary -> Files.write(temporary, json));
  }

  /** A hash as 16 hexadecimal digits: JSON numbers would lose bits of it. */
  static String hash(long value) {
    return "%016x".formatted(value);
  }

  /** Metrics with the keys {@code recallAt20}, {@code ndcgAt20}, {@code hitRateAt20}. */
  static Map<String, Object> metrics(List<RankingQuality> qualities) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (RankingQuality quality : qualities) {
      json.put("recallAt" + quality.k(), quality.recall());
      json.put("ndcgAt" + quality.k(), quality.ndcg());
      json.put("hitRateAt" + quality.k(), quality.hitRate());
    }
    return json;
  }
}
