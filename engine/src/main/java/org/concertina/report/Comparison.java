package org.concertina.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.concertina.record.Result;

/**
 * One kind of work, ours beside others'. What others reach is a resource of the project, {@code
 * peers.json}, with the source of every figure.
 *
 * @param section the part of the report
 * @param title the work
 * @param unit of all figures
 * @param less whether the smaller figure is the better
 * @param ours which records are ours
 * @param others figures that are not measured here
 */
record Comparison(
    String section,
    String title,
    String unit,
    boolean less,
    List<Ours> ours,
    List<Published> others) {
  private static final String RESOURCE = "peers.json";

  /**
   * A figure of the records.
   *
   * @param name what was measured
   * @param benchmark its name, without the package
   * @param where parameters, or paths into the details, and their values
   * @param value the detail that counts, or {@code score}
   * @param times factor to the unit
   */
  record Ours(
      String name, String benchmark, Map<String, String> where, String value, double times) {
    boolean matches(Result result) {
      return (result.benchmark().equals(benchmark) || result.benchmark().endsWith("." + benchmark))
          && where.entrySet().stream()
              .allMatch(one -> one.getValue().equals(at(result, one.getKey())));
    }

    private static String at(Result result, String path) {
      Object value = result.parameters().get(path);
      if (value == null) {
        value = result.details();
        for (String step : path.split("\\.", -1)) {
          value = value instanceof Map<?, ?> fields ? fields.get(step) : null;
        }
      }
      return String.valueOf(value);
    }

    /** The figure, nothing if the record has none. */
    OptionalDouble figure(Result result) {
      double figure =
          !value.equals("score")
              ? result.number(value)
              : result.score() == null ? Double.NaN : result.score();
      return Double.isNaN(figure) ? OptionalDouble.empty() : OptionalDouble.of(figure * times);
    }
  }

  /**
   * A figure of somebody else.
   *
   * @param name what, in a few words
   * @param source who, which version, which conditions
   */
  record Published(String name, double value, String source) {}

  /** All that the project knows of. */
  static List<Comparison> all() {
    try (InputStream json = Comparison.class.getResourceAsStream(RESOURCE)) {
      return List.of(new ObjectMapper().readValue(json, Comparison[].class));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
