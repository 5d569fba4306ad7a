package org.concertina.cli;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/**
 * Draws which blocks the groups of a configuration keep, the darker the wider their elements. The
 * column of a dropped group is left blank.
 */
final class AllocationPlot {
  private static final Color NOT_KEPT = new Color(0xE2E2E2);
  private static final Color FULL = new Color(0x08306B);

  private AllocationPlot() {}

  /**
   * Writes a PNG.
   *
   * @return why there is none, if this machine cannot draw text
   */
  static Optional<String> write(Path file, String budget, Groups groups, ElasticConfig config)
      throws IOException {
    return Plots.write(file, () -> chart(title(budget, groups, config), config));
  }

  /** Says what the picture cannot: how many items the dropped groups have. */
  static String title(String budget, Groups groups, ElasticConfig config) {
    int dropped = config.dropped().cardinality();
    return "What groups keep, "
        + budget
        + (dropped == 0
            ? ""
            : "; %d of %d dropped (blank), coverage %s"
                .formatted(dropped, config.groups(), Coverage.percent(config.coverage(groups))));
  }

  /** {@code NAME-BYTES.png} for {@code NAME.png}. */
  static Path fileFor(Path name, long budgetBytes) {
    String file = name.getFileName().toString();
    String stem = file.endsWith(".png") ? file.substring(0, file.length() - 4) : file;
    return name.resolveSibling(stem + "-" + budgetBytes + ".png");
  }

  private static HeatMapChart chart(String title, ElasticConfig config) {
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(900)
            .height(420)
            .title(title)
            .xAxisTitle("group, most popular items first")
            .yAxisTitle("block")
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setRangeColors(new Color[] {NOT_KEPT, FULL});
    chart.getStyler().setMin(0);
    chart.getStyler().setMax(shade(Integer.SIZE));
    chart.getStyler().setLegendVisible(false);
    int groups = config.groups();
    int blocks = config.shape().blocks();
    chart.addSeries(
        "bits",
        IntStream.range(0, groups).boxed().toList(),
        IntStream.range(0, blocks).boxed().toList(),
        cells(config));
    return chart;
  }

  /** Group, block and shade of every cell. */
  static List<Number[]> cells(ElasticConfig config) {
    List<Number[]> cells = new ArrayList<>();
    for (int g = 0; g < config.groups(); g++) {
      for (int n = 0; n < config.shape().blocks() && !config.choice(g).isDropped(); n++) {
        cells.add(new Number[] {g, n, shade(config.choice(g), n)});
      }
    }
    return cells;
  }

  private static int shade(BlockChoice choice, int block) {
    return choice.keeps(block) ? shade(choice.precision().bits()) : 0;
  }

  /** 1 for one bit, one more for every doubling: eye and quality see steps alike. */
  static int shade(int bits) {
    return 1 + Integer.numberOfTrailingZeros(Integer.highestOneBit(bits));
  }
}
