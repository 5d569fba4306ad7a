package org.concertina.kernel.ffm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no POSIX permissions")
class ExtractedFileTest {
  private static final byte[] CONTENT = "library".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path root;

  @Test
  void writesOnceIntoAPrivateFolder() throws IOException {
    Path file = extract();
    FileTime past = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(file, past);

    assertEquals(file, extract());
    assertEquals(past, Files.getLastModifiedTime(file));
    assertArrayEquals(CONTENT, Files.readAllBytes(file));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void replacesAFileWhoseContentChanged() throws IOException {
    Files.writeString(extract(), "tampered");

    assertArrayEquals(CONTENT, Files.readAllBytes(extract()));
  }

  @Test
  void refusesAFolderThatOthersMayEnter() throws IOException {
    Path folder = extract().getParent();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

    IOException refused = assertThrows(IOException.class, this::extract);
    assertTrue(refused.getMessage().contains("0700"), refused.getMessage());
  }

  private Path extract() throws IOException {
    return ExtractedFile.extract(root, "lib.so", new ByteArrayInputStream(CONTENT));
  }
}
