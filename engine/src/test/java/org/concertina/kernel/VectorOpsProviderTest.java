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
    assertEquals(
        ops.vectorBits() == Float.SIZE ? "scalar" : "panama-" + ops.vectorBits(), ops.name());
  }

  @Test
  void flagsAreValidated() {
    assertThrows(IllegalArgumentException.class, () -> new RuntimeFlags("auto", 100));
    assertThrows(IllegalArgumentException.class, () -> new RuntimeFlags("native", 0));
    assertEquals(512, new RuntimeFlags("panama", 512).vectorBits());
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
