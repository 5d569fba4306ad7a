package org.concertina.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.ffm.NativeKernels;
import picocli.CommandLine.Command;

/** {@code concertina info}. */
@Command(name = "info", description = "Say what this machine computes with.")
final class InfoCommand extends EngineCommand {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  @Override
  Report run(Session session) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("engineVersion", EngineVersion.current());
    json.put("provider", session.ops().name());
    json.put("providerReason", VectorOpsProvider.reason());
    json.put("vectorBits", session.ops().vectorBits());
    json.put("nativeLibrary", NativeKernels.status());
    json.put("cpu", cpuModel());
    json.put("cores", Runtime.getRuntime().availableProcessors());
    json.put("maxHeapBytes", Runtime.getRuntime().maxMemory());
    json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    json.put(
        "jdk",
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
    json.put("jvmFlags", ManagementFactory.getRuntimeMXBean().getInputArguments());
    List<String> lines = new ArrayList<>();
    json.forEach((key, value) -> lines.add("%-15s %s".formatted(key, value)));
    return new Report(json, lines);
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
