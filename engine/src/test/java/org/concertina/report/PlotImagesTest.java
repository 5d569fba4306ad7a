package org.concertina.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pictures show what the plots say. */
class PlotImagesTest {
  private static Optional<byte[]> barsOf(Double last) throws IOException {
    List<Double> lengths = Arrays.asList(0.2, 0.1, last);
    Plot.Series series = Plot.Series.bars("5%", List.of("all", "part", "whole"), lengths, 0);
    Plot plot = new Plot(Plot.Kind.BARS, "bars", "Recall@20", "", false, List.of(series));
    return PlotImages.png(plot, Theme.LIGHT, true);
  }

  @Test
  void anAbsentBarIsNotOneOfZero() throws IOException {
    Optional<byte[]> absent = barsOf(null);
    assumeTrue(absent.isPresent(), "this machine has no fonts to draw with");
    assertFalse(Arrays.equals(absent.get(), barsOf(0.0).orElseThrow()));
  }
}
