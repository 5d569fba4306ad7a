package org.concertina.datasets.catalogue;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file of a data set at its source.
 *
 * @param name of the file in the set's folder, without folders
 * @param address http or https
 * @param bytes of the file, null if not known
 * @param sha256 of the file in hexadecimal, null if not known
 * @param md5 as its source publishes it, null if it does not
 * @param gitBlob SHA-1 that git names the file's content by, null if it is not of a repository
 * @param unpack whether it is a zip whose content belongs into the folder
 */
public record RemoteFile(
    String name,
    URI address,
    Long bytes,
    String sha256,
    String md5,
    String gitBlob,
    boolean unpack) {

  /** Checks the form of everything that is given. */
  public RemoteFile {
    if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException("name: expected a plain file name, got " + name);
    }
    if (address == null
        || address.getHost() == null
        || !String.valueOf(address.getScheme()).matches("https?")) {
      throw new IllegalArgumentException(
          "address of " + name + ": expected http or https, got " + address);
    }
    requireHex(name, "sha256", sha256, 64);
    requireHex(name, "md5", md5, 32);
    requireHex(name, "gitBlob", gitBlob, 40);
    if (unpack && !name.endsWith(".zip")) {
      throw new IllegalArgumentException(name + ": only .zip files can be unpacked");
    }
  }

  /** The known sums as text, the strongest first; empty if there is nothing to check by. */
  public List<String> sums() {
    return knownSums().entrySet().stream()
        .map(sum -> sum.getKey().label() + " " + sum.getValue())
        .toList();
  }

  /** The known sums, the strongest first. */
  Map<Checksums.Kind, String> knownSums() {
    Map<Checksums.Kind, String> sums = new TreeMap<>();
    if (sha256 != null) {
      sums.put(Checksums.Kind.SHA_256, sha256);
    }
    if (md5 != null) {
      sums.put(Checksums.Kind.MD5, md5);
    }
    if (gitBlob != null) {
      sums.put(Checksums.Kind.GIT_BLOB, gitBlob);
    }
    return sums;
  }

  private static void requireHex(String name, String field, String value, int digits) {
    if (value != null && !value.matches("[0-9a-f]{" + digits + "}")) {
      throw new IllegalArgumentException(
          "%s of %s: expected %d lower-case hexadecimal digits, got %s"
              .formatted(field, name, digits, value));
    }
  }
}
