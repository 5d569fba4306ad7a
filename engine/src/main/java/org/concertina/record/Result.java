package org.concertina.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Objects;

/**
 * One measurement.
 *
 * @param run id of the {@link Run} that made it
 * @param date when it was made, ISO 8601 in UTC
 * @param benchmark what was measured
 * @param key {@link RecordKey} of benchmark and parameters
 * @param provider the kernels that did it, with their width or tier
 * @param parameters everything that decides the result but the code and the machine
 * @param score the result, or null if there can be none; then {@code details} says why
 * @param error of the score, as the benchmark defines it, or null
 * @param unit of score and error
 * @param bytesPerOp heap bytes that an operation allocates, or null if nobody counted
 * @param details what else was found
 */
public record Result(
    @JsonProperty(required = true) String run,
    @JsonProperty(required = true) String date,
    @JsonProperty(required = true) String benchmark,
    @JsonProperty(required = true) String key,
    @JsonProperty(required = true) String provider,
    @JsonProperty(required = true) Map<String, Object> parameters,
    @JsonProperty(required = true) Double score,
    @JsonProperty(required = true) Double error,
    @JsonProperty(required = true) String unit,
    @JsonProperty(required = true) Double bytesPerOp,
    @JsonProperty(required = true) Map<String, Object> details) {
  /** Validates. */
  public Result {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(date, "date");
    Objects.requireNonNull(benchmark, "benchmark");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(details, "details");
  }

  /** A parameter's text, or the empty text if there is no such parameter. */
  public String parameter(String name) {
    Object value = parameters.get(name);
    return value == null ? "" : value.toString();
  }

  /** A number among the details, or NaN. */
  public double number(String detail) {
    return details.get(detail) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
