package org.concertina.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.ffm.NativeVectorOps;
import org.concertina.memory.CappedArena;

/** What a figure needs beside it to mean anything: engine, kernels, CPU, JDK. */
final class Environment {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Environment() {}

  static Map<String, Object> json(Session session) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("engineVersion", EngineVersion.current());
    json.put("provider", session.ops().name());
    json.put("providerReason", VectorOpsProvider.reason());
    json.put("vectorBits", session.ops().vectorBits());
    json.put("nativeLibrary", NativeVectorOps.status());
    json.put("hugePages", CappedArena.hugePages());
    json.put("cpu", cpuModel());
    json.put("cores", Runtime.getRuntime().availableProcessors());
    json.put("maxHeapBytes", Runtime.getRuntime().maxMemory());
    json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    json.put(
        "jdk",
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
    json.put("jvmFlags", ManagementFactory.getRuntimeMXBean().getInputArguments());
    return json;
  }

  private static String cpuModel() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException notLinux) {
      return "unknown";
    }
  }
}
