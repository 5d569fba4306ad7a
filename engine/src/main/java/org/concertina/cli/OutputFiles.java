package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Checks, before any work, that what it makes can be written, and writes it whole or not at all.
 */
final class OutputFiles {
  private OutputFiles() {}

  /** Writes the content of a file. */
  interface Content {
    void writeTo(Path file) throws IOException;
  }

  /** Writes a file, which appears whole or not at all; what was there stays until then. */
  static void replace(Path file, Content content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      content.writeTo(temporary);
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Checks that a file can be written.
   *
   * @param option the option that named it
   * @param inputs files that must not be overwritten by it
   */
  static void requireWritable(String option, Path file, Path... inputs)
      throws CommandFailure, IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null) {
      throw new CommandFailure(
          option + " " + file + ": is a folder; give the path of a file to write");
    }
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(
          option + " " + file + ": there is no folder " + folder + "; create it first");
    }
    if (!Files.isWritable(folder) || (Files.exists(file) && !Files.isWritable(file))) {
      throw new CommandFailure(
          option + " " + file + ": cannot be written; check the permissions or name another place");
    }
    for (Path input : inputs) {
      if (Files.exists(file) && Files.exists(input) && Files.isSameFile(file, input)) {
        throw new CommandFailure(
            option + " " + file + ": is also an input; give the path of another file");
      }
    }
  }

  /** Makes a folder if it is not there, and checks that it can be written to. */
  static void requireFolder(String option, Path folder) throws CommandFailure, IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new CommandFailure(option + " " + folder + ": is a file; name a folder");
    }
    Files.createDirectories(folder);
    if (!Files.isWritable(folder)) {
      throw new CommandFailure(
          option + " " + folder + ": cannot be written to; check the permissions");
    }
  }
}
