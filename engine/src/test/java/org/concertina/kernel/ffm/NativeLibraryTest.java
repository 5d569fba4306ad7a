package org.concertina.kernel.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.concertina.kernel.ffm.NativeLibrary.Absent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
  @TempDir private Path folder;

  @Test
  void theEngineRunsWithoutTheLibraryAndSaysWhy() {
    assertTrue(NativeKernels.find().isEmpty());
    assertTrue(NativeKernels.status().startsWith("no native kernels: no "), NativeKernels.status());
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

      assertEquals("no " + NativeLibrary.RESOURCE + " on the class path", absent.reason());
    }
  }

  private static NativeLibrary.Result load(String path) {
    return NativeLibrary.load(Optional.of(path), NativeLibraryTest.class.getClassLoader());
  }

  private static void assertReason(String expected, NativeLibrary.Result result) {
    Absent absent = assertInstanceOf(Absent.class, result);
    assertTrue(absent.reason().contains(expected), absent.reason());
  }
}
