package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/** Writes charts as PNG. */
final class Plots {
  private Plots() {}

  /**
   * Writes a chart, whole or not at all.
   *
   * @return why there is none, if this machine cannot draw text
   */
  static Optional<String> write(Path file, Supplier<? extends Chart<?, ?>> chart)
      throws IOException {
    System.setProperty("java.awt.headless", "true");
    try {
      OutputFiles.replace(
          file, temporary -> Files.write(temporary, ChartEncoder.getBytes(chart.get(), "png")));
      return Optional.empty();
    } catch (LinkageError | InternalError | RuntimeException noFonts) {
      // A slim machine has no fonts or no library of them, and AWT says so in all these ways.
      return Optional.of("Java cannot draw text here, install fontconfig and a font: " + noFonts);
    }
  }
}
