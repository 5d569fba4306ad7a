package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An artifact larger than the heap, in a JVM of 16 MB that has the engine's own classes alone: the
 * table is nowhere on the heap, and the cap holds to the byte.
 */
class SmallHeapTest {
  private static final int ITEMS = 80_000;

  @TempDir Path dir;

  @Test
  void aHeapSmallerThanTheArtifactServesIt() throws Exception {
    Path file = dir.resolve("large.cnct");
    try (ArtifactFixture fixture =
        ArtifactFixture.of(1, Groups.equalCount(ITEMS, 20), new BlockShape(8, 8))) {
      fixture.withConfig(ElasticConfig.full(new BlockShape(8, 8), 20)).write(file);
    }
    assertTrue(Files.size(file) > 16 << 20);
    Path output = dir.resolve("output");
    Process device =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules=jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xmx16m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    classes(DeviceRuntime.class) + File.pathSeparator + classes(SmallDevice.class),
                    SmallDevice.class.getName(),
                    file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = device.waitFor(2, TimeUnit.MINUTES);
    device.destroyForcibly();
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertTrue(ended, printed);
    assertEquals(0, device.exitValue(), printed);
    String[] last = printed.lines().reduce((before, line) -> line).orElseThrow().split(" ", -1);
    assertEquals(SmallDevice.answers(file, MemoryCap.unlimited()), Integer.parseInt(last[0]));
    assertEquals(last[2], last[1], "the peak is the limit: no byte more, and none to spare");
  }

  private static Path classes(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
