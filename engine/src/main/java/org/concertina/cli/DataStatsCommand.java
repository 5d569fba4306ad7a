package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code concertina data stats}. */
@Command(
    name = "stats",
    description = {
      "Say what the interactions of a folder look like: counts, density, quantiles, popularity.",
      "Counts and the curve are of all splits together. How popular the items of validation and",
      "test are says whether the two were drawn alike; without a validation split, the share of",
      "training items is held out for it that training would hold out."
    })
final class DataStatsCommand extends EngineCommand {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Folder with train.txt[.gz] and optionally valid and test.")
  private Path data;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png",
      description = "Draw the interactions of items by popularity, both axes logarithmic.")
  private Path plot;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    if (plot != null) {
      OutputFiles.requireWritable("--plot", plot);
    }
    session.console().note("reads " + data);
    try (InteractionData interactions =
        InteractionReader.read(data, ReadOptions.defaults().withValidationShare(0))) {
      DataStats stats = DataStats.of(interactions);
      Map<String, Object> json = new LinkedHashMap<>(stats.json());
      List<String> lines = new ArrayList<>(stats.lines());
      if (interactions.validation().size() > 0) {
        addSplits(interactions, json, lines);
      } else {
        try (InteractionData parted = InteractionReader.read(data, ReadOptions.defaults())) {
          addSplits(parted, json, lines);
        }
      }
      if (plot != null) {
        String title = "Popularity of the items of " + data.getFileName();
        Optional<String> missing = PopularityPlot.write(plot, title, stats.itemCounts());
        json.put("plot", missing.isPresent() ? null : plot.toString());
        lines.add(missing.map(reason -> "no plot: " + reason).orElse("plot in " + plot));
      }
      return new Report(json, lines);
    }
  }

  private static void addSplits(
      InteractionData data, Map<String, Object> json, List<String> lines) {
    Map<String, Object> splits = new LinkedHashMap<>();
    add("validation", SplitPopularity.of(data.validation()), splits, lines);
    add("test", SplitPopularity.of(data.test()), splits, lines);
    json.put("popularItemsOfSplits", splits);
  }

  private static void add(
      String name, SplitPopularity split, Map<String, Object> splits, List<String> lines) {
    splits.put(name, split.json());
    if (split.users() > 0) {
      lines.add(split.line(name));
    }
  }
}
