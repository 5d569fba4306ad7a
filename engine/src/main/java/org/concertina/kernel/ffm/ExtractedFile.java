package org.concertina.kernel.ffm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * Puts a resource into a private folder named by its content's hash, once.
 *
 * <p>The folder's mode is 0700 and it belongs to this process's user, or extraction fails: whoever
 * else could write there could run code in this process. Processes may race; the file appears
 * whole.
 */
final class ExtractedFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private ExtractedFile() {}

  /** The file with this content, below {@code root}; it is written unless it is there already. */
  static Path extract(Path root, String fileName, InputStream content) throws IOException {
    byte[] bytes = content.readAllBytes();
    String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9_-]", "_");
    String hash = HexFormat.of().formatHex(sha256(bytes));
    Path folder = root.toAbsolutePath().resolve("concertina-" + user + "-" + hash);
    createPrivateFolder(folder);
    Path file = folder.resolve(fileName);
    Path fresh = Files.createTempFile(folder, fileName, ".tmp");
    try {
      if (!Files.getOwner(fresh).equals(Files.getOwner(folder))) {
        throw new IOException(folder + " belongs to another user");
      }
      if (!holds(file, bytes)) {
        Files.write(fresh, bytes);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
    return file;
  }

  private static void createPrivateFolder(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          || !Files.getPosixFilePermissions(folder).equals(OWNER_ONLY)) {
        throw new IOException(folder + " is not a folder of mode 0700", e);
      }
    }
  }

  private static boolean holds(Path file, byte[] bytes) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.size(file) == bytes.length
        && Arrays.equals(Files.readAllBytes(file), bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
