package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorOpsProviderTest {
  /** Prints the provider; run in a JVM of its own. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      System.out.println(VectorOpsProvider.get().name() + ": " + VectorOpsProvider.reason());
    }
  }

  /** Every execution of the build names the provider that it means to test. */
  @Test
  void providerIsTheOneThatTheBuildAskedFor() {
    String name = VectorOpsProvider.get().name();
    System.getLogger("concertina").log(System.Logger.Level.INFO, "kernels tested: {0}", name);
    assertEquals(System.getProperty("concertina.expectedProvider", name), name);
    assertFalse(VectorOpsProvider.reason().isEmpty());
  }

  @Test
  void vectorBitsMatchTheName() {
    VectorOps ops = VectorOpsProvider.get();
    if (!ops.name().startsWith("native-")) {
      assertEquals(
          ops.vectorBits() == Float.SIZE ? "scalar" : "panama-" + ops.vectorBits(), ops.name());
    }
  }

  @Test
  void flagsAreValidated() {
    assertThrows(IllegalArgumentException.class, () -> new RuntimeFlags("auto", 100, "best"));
    assertThrows(IllegalArgumentException.class, () -> new RuntimeFlags("simd", 0, "best"));
    assertThrows(IllegalArgumentException.class, () -> new RuntimeFlags("auto", 0, "v5"));
    assertEquals(512, new RuntimeFlags("panama", 512, "v3").vectorBits());
  }

  @Test
  void autoFallsBackWithoutTheIncubatorModule() throws Exception {
    String output = probe();
    assertTrue(output.startsWith("scalar: "), output);
    assertTrue(output.contains("--add-modules=jdk.incubator.vector"), output);
  }

  @Test
  void panamaByNameThrowsWithoutTheIncubatorModule() throws Exception {
    String output = probe("-Dconcertina.provider=panama");
    assertTrue(output.contains("cannot run: start Java with --add-modules"), output);
  }

  @Test
  void nativeByNameThrowsWithoutTheIncubatorModule() throws Exception {
    String output = probe("-Dconcertina.provider=native");
    assertTrue(output.contains("native cannot run: start Java with --add-modules"), output);
  }

  @Test
  void nativeByNameThrowsWithoutTheLibrary() throws Exception {
    String output =
        probe(
            "-Dconcertina.provider=native",
            "-Dconcertina.native.path=/none/libconcertina.so",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED");
    assertTrue(output.contains("native cannot run: no native kernels: "), output);
    assertTrue(output.contains("no such file: /none/libconcertina.so"), output);
  }

  @Test
  void autoSaysOnceWhyAnAskedForLibraryIsNotUsed() throws Exception {
    String output =
        probe(
            "-Dconcertina.native.path=/none/libconcertina.so",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED");
    String reason = "no such file: /none/libconcertina.so";
    assertTrue(output.contains("WARNING: no native kernels: "), output);
    assertTrue(output.contains("panama-"), output);
    assertEquals(3, output.split(reason, -1).length, output);
  }

  private static String probe(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Probe.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
