package org.concertina.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says in a data file what it was made from; the same for the same files and options. */
final class IngestProvenance {
  private static final ObjectMapper JSON = new ObjectMapper();

  private IngestProvenance() {}

  static String json(IngestConfig config, long textBytes, List<CleaningStep> steps) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(
        "files", config.allFiles().stream().map(file -> file.getFileName().toString()).toList());
    json.put("textBytes", textBytes);
    json.put("format", config.format().toString());
    json.put("steps", steps);
    SplitOptions split = config.split();
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("rule", split.rule().toString());
    switch (split.rule()) {
      case RATIO, COLD_USERS -> {
        rule.put("validationShare", split.validationShare());
        rule.put("testShare", split.testShare());
        rule.put("seed", split.seed());
      }
      case TEMPORAL -> {
        rule.put("validationShare", split.validationShare());
        rule.put("testShare", split.testShare());
      }
      case STORED -> rule.put("from", config.storedSplit().orElseThrow().getFileName().toString());
      case NONE, GIVEN, LEAVE_ONE_OUT -> {}
    }
    json.put("split", rule);
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a provenance that is no JSON", e);
    }
  }
}
