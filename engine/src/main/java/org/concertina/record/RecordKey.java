package org.concertina.record;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Tells by settings whether something has been measured. */
public final class RecordKey {
  private static final int BYTES = 8;

  private RecordKey() {}

  /** The same for the same benchmark and parameters, in whatever order they stand. */
  public static String of(String benchmark, Map<String, Object> parameters) {
    String text = benchmark + " " + RecordJson.canonical(parameters);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
