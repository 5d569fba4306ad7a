package org.concertina.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * One call of a command that leaves results.
 *
 * @param id tells runs apart, in any number of files
 * @param date when it began, ISO 8601 in UTC
 * @param command what was called, such as {@code experiment budgets}
 * @param arguments as they were given
 * @param environment see {@link RunEnvironment}
 */
public record Run(
    @JsonProperty(required = true) String id,
    @JsonProperty(required = true) String date,
    @JsonProperty(required = true) String command,
    @JsonProperty(required = true) List<String> arguments,
    @JsonProperty(required = true) Map<String, Object> environment) {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Validates. */
  public Run {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(date, "date");
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(arguments, "arguments");
    Objects.requireNonNull(environment, "environment");
  }

  /** A run that begins now, in this process. */
  public static Run begin(String command, List<String> arguments) {
    Instant now = Instant.now();
    return new Run(
        "%s-%d".formatted(ID.format(now), ProcessHandle.current().pid()),
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        command,
        List.copyOf(arguments),
        RunEnvironment.capture());
  }
}
