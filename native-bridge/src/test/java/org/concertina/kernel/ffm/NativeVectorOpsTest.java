package org.concertina.kernel.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsConformanceTest;
import org.concertina.kernel.VectorOpsProvider;
import org.junit.jupiter.api.Test;

/** The native kernels of this JVM's tier under the contracts of all providers. */
class NativeVectorOpsTest extends VectorOpsConformanceTest {
  @Override
  public VectorOps ops() {
    return VectorOpsProvider.get();
  }

  /** Every execution of the build names the tier that it means to test. */
  @Test
  void providerIsTheTierThatTheBuildAskedFor() throws IOException {
    String cap = System.getProperty("concertina.native.tier", "vnni");
    String expected = "native-v2";
    for (var flag : Map.of("v3", "avx2", "v4", "avx512vl", "vnni", "avx512_vnni").entrySet()) {
      boolean allowed = flag.getKey().compareTo(cap) <= 0;
      if (allowed && Files.readString(Path.of("/proc/cpuinfo")).contains(flag.getValue() + " ")) {
        String name = "native-" + flag.getKey();
        expected = name.compareTo(expected) > 0 ? name : expected;
      }
    }
    assertEquals(expected, ops().name());
    String reason = VectorOpsProvider.reason();
    assertTrue(reason.startsWith("native kernels x86-64-v"), reason);
  }
}
