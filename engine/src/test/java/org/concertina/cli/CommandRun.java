package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** One run of the command line in this process. */
record CommandRun(int exitCode, String out, String err) {
  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  static CommandRun of(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = line.execute(texts);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  /** The run must have ended with this code. */
  CommandRun expect(int code) {
    assertEquals(code, exitCode, () -> "stdout:\n" + out + "\nstderr:\n" + err);
    return this;
  }

  /** Stderr must have all of these. */
  CommandRun expectMessage(String... parts) {
    for (String part : parts) {
      assertTrue(err.contains(part), () -> "expected '" + part + "' in:\n" + err);
    }
    return this;
  }

  /** Stdout as the one object that it must be. */
  JsonNode json() {
    try {
      JsonNode json = STRICT.readTree(out);
      assertTrue(json.isObject(), out);
      return json;
    } catch (JsonProcessingException e) {
      throw new AssertionError("not one JSON object: " + out, e);
    }
  }
}
