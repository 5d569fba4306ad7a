package org.concertina.kernel.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@code check.c}: on guard pages, under sanitizers, and on aarch64 under an emulator; what
 * this machine has no tools for is skipped and says so.
 */
class CheckProgramNativeTest {
  private static final Path SOURCES = Path.of("src/main/c").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void everyTierOnGuardPages() throws Exception {
    String output = succeed(make().toArray(String[]::new), program());
    assertTrue(output.contains("tier v2: "), output);
  }

  @Test
  void everyTierUnderSanitizers() throws Exception {
    Path probe = Files.writeString(folder.resolve("probe.c"), "int main(void) { return 0; }");
    String sanitize = "-fsanitize=address,undefined";
    String linked = folder.resolve("probe").toString();
    assumeTrue(
        run("cc", sanitize, "-o", linked, probe.toString()).status() == 0,
        "the C compiler has no sanitizers");
    List<String> make = make();
    make.add("EXTRA_CFLAGS=-g -fno-sanitize-recover=all " + sanitize);
    make.add("EXTRA_LDFLAGS=" + sanitize);
    String output = succeed(make.toArray(String[]::new), program());
    assertTrue(output.contains("tier v2: "), output);
  }

  @Test
  void neonUnderAnEmulator() throws Exception {
    String compiler = "aarch64-linux-gnu-gcc";
    assumeTrue(isThere(compiler), "no " + compiler + ": the aarch64 kernels are not compiled");
    assumeTrue(isThere("qemu-aarch64"), "no qemu-aarch64: the aarch64 kernels are not run");
    List<String> make = make();
    make.addAll(List.of("PLATFORM=linux-aarch64", "CC=" + compiler, "EXTRA_LDFLAGS=-static"));
    String output = succeed(make.toArray(String[]::new), "qemu-aarch64", program());
    assertTrue(output.contains("tier neon: bpr, bpr on cosines, sparse"), output);
  }

  private List<String> make() {
    return new ArrayList<>(
        List.of("make", "--silent", "-C", SOURCES.toString(), "check", "OBJECTS=" + folder));
  }

  private String program() {
    return folder.resolve("check").toString();
  }

  private record Finished(int status, String output) {}

  private static String succeed(String[] build, String... program)
      throws IOException, InterruptedException {
    Finished built = run(build);
    assertEquals(0, built.status, built.output);
    Finished ran = run(program);
    assertEquals(0, ran.status, ran.output);
    return ran.output;
  }

  private static boolean isThere(String tool) throws InterruptedException {
    try {
      return run(tool, "--version").status == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static Finished run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Finished(process.waitFor(), output);
  }
}
