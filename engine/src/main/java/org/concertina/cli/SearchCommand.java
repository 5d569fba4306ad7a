package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.concertina.block.ElasticConfig;
import org.concertina.interaction.InteractionData;
import org.concertina.search.Budget;
import org.concertina.search.Explanation;
import org.concertina.search.FrontFile;
import org.concertina.search.FrontFormatException;
import org.concertina.search.SearchConfig;
import org.concertina.search.SearchOutcome;
import org.concertina.search.SearchSpace;
import org.concertina.train.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concertina search}. */
@Command(
    name = "search",
    description = {
      "Search which blocks, in which precision, each group of items keeps, for every size from the"
          + " smallest artifact to the whole table.",
      "Writes the front of the best configurations by size; any budget is then a look-up, for pack"
          + " and for search itself. Judged on validation users: one half selects, the other"
          + " confirms."
    })
final class SearchCommand extends EngineCommand {
  @Option(names = "--data", paramLabel = "DATA", required = true, description = "The model's data.")
  private Path data;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description = "Model that train wrote.")
  private Path model;

  @Option(
      names = "--budget",
      paramLabel = "SIZE",
      split = ",",
      converter = BudgetConverter.class,
      description =
          "Sizes of whole artifacts to search with more care and to report, such as 1MB,2.5MB,10%%:"
              + " "
              + BudgetConverter.FORMS
              + ", or %% of the full fp32 item table (default: report the whole front).")
  private List<Budget> budgets = List.of();

  @Option(
      names = "--out",
      paramLabel = "FRONT",
      required = true,
      description =
          "Front file to write; its folder must exist. If it is there and was searched with the"
              + " same settings, budgets are looked up in it.")
  private Path out;

  @Option(names = "--fresh", description = "Search even if --out has the front already.")
  private boolean fresh;

  @Option(
      names = "--fleet",
      paramLabel = "CSV",
      description = "Device classes, one a line below the header name,budget; needs --fleet-out.")
  private Path fleet;

  @Option(
      names = "--fleet-out",
      paramLabel = "CSV",
      description = "Where to write the configuration of every device class.")
  private Path fleetOut;

  @Option(
      names = "--explain",
      paramLabel = "PNG",
      description =
          "Say what every group keeps and why, and draw it: NAME.png becomes NAME-BYTES.png for"
              + " every budget.")
  private Path explain;

  @Option(
      names = "--groups",
      paramLabel = "G",
      description = "Groups of items that keep the same blocks (default: as many as in training).")
  private Integer groups;

  @Mixin private SearchOptions options;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    SearchConfig config;
    long judgeBytes;
    try {
      config = options.config(session.seed());
      judgeBytes = options.judgeBytes();
    } catch (IllegalArgumentException outOfRange) {
      throw usage(outOfRange.getMessage());
    }
    if ((fleet == null) != (fleetOut == null)) {
      throw usage("--fleet and --fleet-out: expected both or none");
    }
    if (explain != null && budgets.isEmpty()) {
      throw usage("--explain: expected a --budget to explain");
    }
    OutputFiles.requireWritable("--out", out, model);
    List<FleetFile.DeviceClass> devices = List.of();
    if (fleet != null) {
      OutputFiles.requireWritable("--fleet-out", fleetOut, model, fleet, out);
      devices = FleetFile.read(fleet);
    }
    if (explain != null) {
      OutputFiles.requireWritable("--explain", explain);
    }
    try (TrainedModel trained = TrainedModel.open(model);
        InteractionData interactions = Models.readDataOf(trained, data)) {
      SearchService service =
          new SearchService(
              session,
              trained,
              interactions,
              options.groupBy.groups(
                  interactions.train(), groups == null ? trained.groups().count() : groups),
              !options.noIds);
      SearchSpace space = options.space(service.layout().shape(), service.layout().groups());
      for (FleetFile.DeviceClass device : devices) {
        FleetFile.requireFits(fleet, device, space, service.layout());
      }
      Found found = find(session, service, space, config, judgeBytes);
      if (fleet != null) {
        found.addFleet(service, devices);
      }
      if (explain != null) {
        found.addExplanations(service, space, config, judgeBytes);
      }
      return new Report(found.json, found.lines);
    }
  }

  private Found find(
      Session session,
      SearchService service,
      SearchSpace space,
      SearchConfig config,
      long judgeBytes)
      throws IOException, CommandFailure {
    long start = System.nanoTime();
    Optional<FrontFile> stored = stored(service, space, config);
    if (stored.isPresent()) {
      session
          .console()
          .note(
              "search: %s was searched with these settings, looks up; --fresh searches again"
                  .formatted(out));
      Found found = new Found(stored.get(), service);
      found.json.putAll(SearchReport.lookUpJson(stored.get(), budgets, service.layout()));
      found.lines.addAll(SearchReport.lookUpLines(stored.get(), budgets, service.layout()));
      return found;
    }
    SearchOutcome outcome = service.search(space, config, budgets, judgeBytes);
    FrontFile file = service.file(outcome, space, config);
    file.write(out);
    Found found = new Found(file, service);
    found.json.putAll(
        SearchReport.json(outcome, file.groups(), (System.nanoTime() - start) * 1e-9));
    found.json.put("phaseSeconds", service.phaseSeconds());
    found.lines.addAll(SearchReport.lines(outcome, file.groups()));
    found.lines.add(
        service.phaseSeconds().entrySet().stream()
            .map(phase -> "%s %.1f".formatted(phase.getKey(), phase.getValue()))
            .collect(Collectors.joining(", ", "seconds: ", "")));
    found.lines.add("%s: %d points".formatted(out, outcome.front().points().size()));
    return found;
  }

  private Optional<FrontFile> stored(SearchService service, SearchSpace space, SearchConfig config)
      throws IOException {
    if (fresh || Files.notExists(out)) {
      return Optional.empty();
    }
    try {
      return Optional.of(FrontFile.read(out))
          .filter(front -> service.wouldFind(front, space, config));
    } catch (FrontFormatException replaced) {
      return Optional.empty();
    }
  }

  /** A front, and the report that grows from it. */
  private final class Found {
    private final FrontFile front;
    private final Map<String, Object> json = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    Found(FrontFile front, SearchService service) {
      this.front = front;
      json.put("model", model.toString());
      json.put("front", out.toString());
      json.put("fullTableBytes", service.layout().fullTableBytes());
    }

    void addFleet(SearchService service, List<FleetFile.DeviceClass> devices)
        throws IOException, CommandFailure {
      FleetFile.write(
          fleetOut,
          devices,
          FleetFile.choose(fleet, devices, front.front(), service.layout()),
          service.layout());
      json.put("fleet", fleetOut.toString());
      json.put("fleetClasses", devices.size());
      lines.add("%s: %,d device classes".formatted(fleetOut, devices.size()));
    }

    void addExplanations(
        SearchService service, SearchSpace space, SearchConfig config, long judgeBytes)
        throws IOException, CommandFailure {
      List<ElasticConfig> configs =
          budgets.stream()
              .map(budget -> front.front().best(budget.bytes(service.layout())).config())
              .toList();
      List<Explanation> explanations = service.explain(space, config, configs, judgeBytes);
      Map<String, Object> entries = new LinkedHashMap<>();
      for (int i = 0; i < budgets.size(); i++) {
        Budget budget = budgets.get(i);
        Path picture = AllocationPlot.fileFor(explain, budget.bytes(service.layout()));
        entries.put(budget.toString(), ExplainReport.json(front.groups(), explanations.get(i)));
        lines.addAll(
            ExplainReport.lines(
                budget.toString(), front.groups(), explanations.get(i), config.objective()));
        lines.add(
            AllocationPlot.write(picture, budget.toString(), front.groups(), configs.get(i))
                .map(why -> "no picture: " + why)
                .orElse("picture: " + picture));
      }
      json.put("explanations", entries);
    }
  }
}
