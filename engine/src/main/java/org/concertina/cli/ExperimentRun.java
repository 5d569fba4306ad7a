package org.concertina.cli;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.concertina.record.Measurement;
import org.concertina.record.RecordLog;
import org.concertina.record.RecordReader;
import org.concertina.record.Recorded;

/** Does the steps that have not been done and records what they find. */
final class ExperimentRun {
  private final Session session;
  private final RecordLog log;
  private final String name;

  ExperimentRun(Session session, RecordLog log, String name) {
    this.session = session;
    this.log = log;
    this.name = name;
  }

  /**
   * Runs.
   *
   * @param fresh whether to do again what is recorded
   * @return how many steps were done now
   */
  int run(List<Step> steps, boolean fresh) throws IOException, CommandFailure {
    Set<String> recorded = new HashSet<>(fresh ? Set.of() : recorded().keySet());
    List<Step> left =
        steps.stream()
            .filter(step -> step.entries().stream().anyMatch(e -> !recorded.contains(e.key())))
            .toList();
    note(
        "%d steps, %d of them recorded in %s"
            .formatted(steps.size(), steps.size() - left.size(), log.file()));
    long start = System.nanoTime();
    for (int done = 0; done < left.size(); done++) {
      Step step = left.get(done);
      note(
          "step %d of %d: %s%s"
              .formatted(done + 1, left.size(), step.name(), eta(start, done, left.size())));
      List<Measurement> found = step.work().run();
      for (int i = 0; i < step.entries().size(); i++) {
        Step.Entry entry = step.entries().get(i);
        if (recorded.add(entry.key())) {
          log.append(entry.benchmark(), session.ops().name(), entry.parameters(), found.get(i));
        }
      }
    }
    return left.size();
  }

  /** What is recorded of these steps. */
  List<Recorded> results(List<Step> steps) throws IOException {
    Map<String, Recorded> all = recorded();
    return steps.stream()
        .flatMap(step -> step.entries().stream())
        .map(entry -> all.get(entry.key()))
        .distinct()
        .toList();
  }

  private Map<String, Recorded> recorded() throws IOException {
    Map<String, Recorded> byKey = new LinkedHashMap<>();
    RecordReader.read(log.file()).forEach(one -> byKey.put(one.result().key(), one));
    return byKey;
  }

  private static String eta(long start, int done, int total) {
    if (done == 0) {
      return "";
    }
    long seconds = Math.round((System.nanoTime() - start) * 1e-9 / done * (total - done));
    return ", about %d:%02d:%02d left".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private void note(String line) {
    session.console().note("experiment " + name + ": " + line);
  }
}
