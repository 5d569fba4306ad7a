package org.concertina.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** One line of a record file. */
final class RecordJson {
  /** Raised when a line's meaning changes; a reader takes older ones and refuses newer ones. */
  static final int SCHEMA = 1;

  static final String RUN = "run";
  static final String RESULT = "result";
  private static final String SCHEMA_FIELD = "schema";
  private static final String TYPE_FIELD = "type";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private RecordJson() {}

  static String canonical(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("parameters: expected what JSON can hold: " + value, e);
    }
  }

  /** A whole line, its end included. */
  static byte[] line(String type, Object value) {
    ObjectNode line = MAPPER.createObjectNode();
    line.put(SCHEMA_FIELD, SCHEMA);
    line.put(TYPE_FIELD, type);
    line.setAll((ObjectNode) MAPPER.valueToTree(value));
    return (canonical(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a text is a whole JSON object. */
  static boolean isWhole(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node != null && node.isObject();
    } catch (JsonProcessingException half) {
      return false;
    }
  }

  /**
   * What a line holds, a {@link Run} or a {@link Result}.
   *
   * @throws IllegalArgumentException if it is neither; the message says what was expected
   */
  static Object parse(String text) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException(
          "expected a line of JSON: " + malformed.getOriginalMessage(), malformed);
    }
    if (!(node instanceof ObjectNode line)) {
      throw new IllegalArgumentException("expected a JSON object");
    }
    JsonNode schema = line.remove(SCHEMA_FIELD);
    if (schema == null || !schema.isInt() || schema.intValue() < 1) {
      throw new IllegalArgumentException("expected the field schema with a whole number from 1 on");
    }
    if (schema.intValue() > SCHEMA) {
      throw new IllegalArgumentException(
          "schema %d is newer than this engine's %d; read it with a newer Concertina"
              .formatted(schema.intValue(), SCHEMA));
    }
    JsonNode type = line.remove(TYPE_FIELD);
    String name = type == null ? "" : type.asText();
    try {
      return switch (name) {
        case RUN -> MAPPER.treeToValue(line, Run.class);
        case RESULT -> MAPPER.treeToValue(line, Result.class);
        default ->
            throw new IllegalArgumentException("type: expected run or result, got '" + name + "'");
      };
    } catch (JsonProcessingException unfit) {
      throw new IllegalArgumentException(
          "no %s: %s".formatted(name, unfit.getOriginalMessage()), unfit);
    }
  }
}
