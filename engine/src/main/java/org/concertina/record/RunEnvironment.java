package org.concertina.record;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.ffm.NativeVectorOps;
import org.concertina.memory.CappedArena;

/** What a figure needs beside it to mean anything: commit, kernels, CPU, memory, JDK. */
public final class RunEnvironment {
  private static final String UNPACKAGED = "0.1.0-dev";
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** The CPU's flags that kernels and compilers choose by. */
  private static final List<String> TELLING_FLAGS =
      List.of(
          "sse4_2",
          "avx",
          "avx2",
          "fma",
          "f16c",
          "bmi2",
          "avx512f",
          "avx512bw",
          "avx512vl",
          "avx512_vnni",
          "avx_vnni",
          "avx512_bf16",
          "amx_tile",
          "asimd",
          "asimddp",
          "sve",
          "sve2",
          "hypervisor");

  private RunEnvironment() {}

  /** The environment of this process, now. */
  public static Map<String, Object> capture() {
    Map<String, Object> json = new LinkedHashMap<>();
    Optional<Checkout> checkout = Checkout.find();
    json.put("engineVersion", engineVersion());
    json.put("commit", checkout.flatMap(Checkout::commit).orElse(null));
    json.put("dirty", checkout.flatMap(Checkout::dirty).orElse(null));
    json.put("provider", VectorOpsProvider.get().name());
    json.put("providerReason", VectorOpsProvider.reason());
    json.put("vectorBits", VectorOpsProvider.get().vectorBits());
    json.put("nativeLibrary", NativeVectorOps.status());
    json.put("hugePages", CappedArena.hugePages());
    json.put("cpu", cpu("model name").orElse("unknown"));
    json.put("cpuFlags", cpuFlags());
    json.put("cores", Runtime.getRuntime().availableProcessors());
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      json.put("memoryBytes", system.getTotalMemorySize());
      json.put("loadAverage", system.getSystemLoadAverage());
    }
    json.put("maxHeapBytes", Runtime.getRuntime().maxMemory());
    json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    json.put("osVersion", System.getProperty("os.version"));
    json.put(
        "jdk",
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
    json.put("jvmFlags", ManagementFactory.getRuntimeMXBean().getInputArguments());
    return json;
  }

  /** The jar's version, or that of a build that is not in a jar. */
  public static String engineVersion() {
    String packaged = RunEnvironment.class.getPackage().getImplementationVersion();
    return packaged == null ? UNPACKAGED : packaged;
  }

  private static List<String> cpuFlags() {
    List<String> all =
        cpu("flags")
            .or(() -> cpu("Features"))
            .map(line -> Arrays.asList(line.split(" ")))
            .orElse(List.of());
    return TELLING_FLAGS.stream().filter(all::contains).toList();
  }

  private static Optional<String> cpu(String field) {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith(field))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException notLinux) {
      return Optional.empty();
    }
  }
}
