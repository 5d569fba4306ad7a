package org.concertina.datasets.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;

/** The sums of a file's content, all in one pass, in lower-case hexadecimal. */
final class Checksums {
  private static final int BUFFER_BYTES = 1 << 16;

  private Checksums() {}

  /** Kinds of sums. */
  enum Kind {
    SHA_256("SHA-256", "sha256"),
    MD5("MD5", "md5"),
    /** SHA-1 of {@code blob SIZE\0} and the content. */
    GIT_BLOB("SHA-1", "git blob");

    private final String algorithm;
    private final String label;

    Kind(String algorithm, String label) {
      this.algorithm = algorithm;
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  static Map<Kind, String> of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in, Files.size(file));
    }
  }

  /**
   * Sums of a stream.
   *
   * @param size of the whole stream in bytes
   */
  static Map<Kind, String> of(InputStream in, long size) throws IOException {
    Map<Kind, MessageDigest> digests = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      digests.put(kind, digest(kind));
    }
    digests.get(Kind.GIT_BLOB).update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      for (MessageDigest digest : digests.values()) {
        digest.update(buffer, 0, read);
      }
    }
    Map<Kind, String> sums = new EnumMap<>(Kind.class);
    digests.forEach((kind, digest) -> sums.put(kind, HexFormat.of().formatHex(digest.digest())));
    return sums;
  }

  private static MessageDigest digest(Kind kind) {
    try {
      return MessageDigest.getInstance(kind.algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has " + kind.algorithm, e);
    }
  }
}
