package org.concertina.datasets.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnzipTest {
  @TempDir private Path dir;

  @Test
  void leavesOutASingleTopFolder() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("set"));
    Unzip.unpack(zip("ml/u.data", "ml/more/README"), folder);
    assertEquals("content of ml/u.data", Files.readString(folder.resolve("u.data")));
    assertTrue(Files.exists(folder.resolve("more/README")));
  }

  @Test
  void keepsSeveralTopFolders() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("set"));
    Unzip.unpack(zip("a/one", "b/two"), folder);
    assertTrue(Files.exists(folder.resolve("a/one")) && Files.exists(folder.resolve("b/two")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../escaped", "ml/../../escaped", "/escaped", "ml//escaped", "..\\escaped", ".."})
  void nothingLandsOutside(String entry) throws IOException {
    Path folder = Files.createDirectory(dir.resolve("set"));
    Path archive = zip(entry);
    FetchException refused =
        assertThrows(FetchException.class, () -> Unzip.unpack(archive, folder));
    assertTrue(refused.getMessage().contains("outside"), refused.getMessage());
    assertFalse(Files.exists(dir.resolve("escaped")) || Files.exists(Path.of("/escaped")));
  }

  @Test
  void bombsAreRefused() throws IOException {
    Path archive = dir.resolve("bomb.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
      out.putNextEntry(new ZipEntry("zeros"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        out.write(zeros);
      }
    }
    FetchException refused = assertThrows(FetchException.class, () -> Unzip.unpack(archive, dir));
    assertTrue(refused.getMessage().contains("times its size"), refused.getMessage());
    assertFalse(Files.exists(dir.resolve("zeros")));
    assertFalse(Files.exists(dir.resolve("zeros.tmp")));
  }

  @Test
  void damageIsNamed() throws IOException {
    Path archive = Files.writeString(dir.resolve("set.zip"), "no archive at all");
    FetchException damaged = assertThrows(FetchException.class, () -> Unzip.unpack(archive, dir));
    assertTrue(damaged.getMessage().contains("damaged"), damaged.getMessage());
  }

  private Path zip(String... entries) throws IOException {
    Path archive = dir.resolve("set.zip");
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (String entry : entries) {
        out.putNextEntry(new ZipEntry(entry));
        out.write(("content of " + entry).getBytes(StandardCharsets.UTF_8));
      }
    }
    return archive;
  }
}
