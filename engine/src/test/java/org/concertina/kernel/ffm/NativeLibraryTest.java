package org.concertina.kernel.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.ffm.NativeLibrary.Absent;
import org.concertina.kernel.scalar.ScalarVectorOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
  @TempDir private Path folder;

  @Test
  void theEngineRunsWithoutTheLibraryAndSaysWhy() {
    assertFalse(NativeVectorOps.available());
    assertFalse(NativeVectorOps.broken());
    String status = NativeVectorOps.status();
    assertTrue(status.startsWith("no native kernels: no"), status);
    VectorOps rest = ScalarVectorOps.create();
    Exception refused =
        assertThrows(IllegalStateException.class, () -> NativeVectorOps.create(rest));
    assertEquals(status, refused.getMessage());
  }

  @Test
  void requestedFileThatIsMissing() {
    Path missing = folder.resolve("libnone.so");

    assertReason("no such file: " + missing, load(missing.toString()));
  }

  @Test
  void requestedFileThatIsRelative() {
    assertReason("expected an absolute path, got libconcertina.so", load("libconcertina.so"));
  }

  @Test
  void requestedFileThatIsNoLibrary() throws IOException {
    Path garbage = Files.writeString(folder.resolve("libgarbage.so"), "not ELF");

    assertReason("cannot open " + garbage, load(garbage.toString()));
  }

  @Test
  void resourceThatIsNotOnTheClassPath() throws IOException {
    try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
      Absent absent = assertInstanceOf(Absent.class, NativeLibrary.load(Optional.empty(), empty));

      assertTrue(absent.reason().startsWith("no"), absent.reason());
      assertFalse(absent.broken());
    }
  }

  private static NativeLibrary.Result load(String path) {
    return NativeLibrary.load(Optional.of(path), NativeLibraryTest.class.getClassLoader());
  }

  private static void assertReason(String expected, NativeLibrary.Result result) {
    Absent absent = assertInstanceOf(Absent.class, result);
    assertTrue(absent.reason().contains(expected), absent.reason());
    assertTrue(absent.broken());
  }
}
