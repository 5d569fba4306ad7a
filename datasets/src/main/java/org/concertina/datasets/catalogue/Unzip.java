package org.concertina.datasets.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Unpacks an archive that may be hostile: every file stays inside the folder, and there are limits
 * to how many files and bytes come out. A single top folder of the archive is left out.
 */
final class Unzip {
  /** Text of digits packs to a fifth; nothing honest packs to less than this part. */
  static final long MAX_RATIO = 200;

  private static final int MAX_ENTRIES = 10_000;
  private static final long ALWAYS_ALLOWED_BYTES = 1 << 20;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path archive;
  private final Path folder;
  private long bytesLeft;

  private Unzip(Path archive, Path folder) throws IOException {
    this.archive = archive;
    this.folder = folder.toAbsolutePath().normalize();
    bytesLeft = ALWAYS_ALLOWED_BYTES + MAX_RATIO * Files.size(archive);
  }

  /**
   * Unpacks all files; each appears whole or not at all and replaces one that exists.
   *
   * @throws FetchException if the archive is damaged or not decent
   */
  static void unpack(Path archive, Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      new Unzip(archive, folder).unpackAll(zip);
    } catch (ZipException e) {
      throw new FetchException(
          archive + ": damaged archive (" + e.getMessage() + "); delete it and fetch again", e);
    }
  }

  private void unpackAll(ZipFile zip) throws IOException {
    if (zip.size() > MAX_ENTRIES) {
      throw refused("has %,d files, more than %,d".formatted(zip.size(), MAX_ENTRIES));
    }
    List<? extends ZipEntry> entries = Collections.list(zip.entries());
    String top = topFolder(entries);
    for (ZipEntry entry : entries) {
      if (!entry.isDirectory()) {
        Path target = target(entry.getName(), entry.getName().substring(top.length()));
        try (InputStream in = zip.getInputStream(entry)) {
          write(in, target);
        }
      }
    }
  }

  /** The folder with its slash that all entries are in, or nothing. */
  private static String topFolder(List<? extends ZipEntry> entries) {
    String top = null;
    for (ZipEntry entry : entries) {
      int slash = entry.getName().indexOf('/');
      String own = slash < 0 ? "" : entry.getName().substring(0, slash + 1);
      if (top != null && !top.equals(own)) {
        return "";
      }
      top = own;
    }
    return top == null || top.equals("../") || top.equals("/") ? "" : top;
  }

  private Path target(String entry, String name) throws FetchException {
    try {
      Path target = folder.resolve(name).normalize();
      boolean outside = name.startsWith("/") || name.contains("\\") || name.isEmpty();
      if (!outside && target.startsWith(folder) && !target.equals(folder)) {
        return target;
      }
    } catch (InvalidPathException notAPath) {
      // Refused below.
    }
    throw refused("has an entry that would land outside of the folder: " + entry);
  }

  private void write(InputStream in, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      try (OutputStream out = Files.newOutputStream(temporary)) {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          bytesLeft -= read;
          if (bytesLeft < 0) {
            throw refused("unpacks to more than %d times its size".formatted(MAX_RATIO));
          }
          out.write(buffer, 0, read);
        }
      }
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private FetchException refused(String reason) {
    return new FetchException(archive + ": refused, it " + reason);
  }
}
