package org.concertina.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.concertina.block.Precision;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/** The combinations of the caps' benchmark; which of them can run is known only here. */
final class CapRuns {
  private static final List<String> CAPS =
      List.of("256KB", "1MB", "2.5MB", "5MB", "10MB", "25MB", "unlimited");

  private CapRuns() {}

  /**
   * A combination.
   *
   * @param parameters of the benchmark
   * @param fileBytes of the artifact, 0 if nothing fits
   */
  record One(Map<String, String> parameters, long fileBytes) {
    /** The parameters as a plan has them. */
    Map<String, List<String>> single() {
      Map<String, List<String>> single = new HashMap<>();
      parameters.forEach((key, value) -> single.put(key, List.of(value)));
      return single;
    }
  }

  /**
   * All combinations.
   *
   * @param chosen values in place of the benchmark's own
   */
  static List<One> of(Map<String, List<String>> chosen) throws IOException {
    List<One> runs = new ArrayList<>();
    Path file = Files.createTempFile("cap", ".cnct");
    try {
      for (String items : chosen.getOrDefault("items", List.of("10000", "100000", "1000000"))) {
        try (CappedArena arena = CappedArena.unlimited()) {
          FloatTable rows = new CapArtifact(Integer.parseInt(items), Precision.FP32).rows(arena);
          for (String precision :
              chosen.getOrDefault("precision", List.of("FP32", "INT8", "INT4", "INT2"))) {
            CapArtifact artifact =
                new CapArtifact(Integer.parseInt(items), Precision.valueOf(precision));
            for (String cap : chosen.getOrDefault("cap", CAPS)) {
              boolean fits = artifact.write(file, cap, rows).isPresent();
              runs.add(
                  new One(
                      Map.of("items", items, "precision", precision, "cap", cap),
                      fits ? Files.size(file) : 0));
            }
          }
        }
      }
    } finally {
      Files.deleteIfExists(file);
    }
    return runs;
  }
}
