package org.concertina.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.concertina.record.Measurement;
import org.concertina.record.RecordKey;

/**
 * A piece of an experiment that is done in one go.
 *
 * @param name for people
 * @param entries the records that it leaves
 * @param work does it
 */
record Step(String name, List<Entry> entries, Work work) {
  /** Does a step. */
  @FunctionalInterface
  interface Work {
    /** One measurement an entry, in their order. */
    List<Measurement> run() throws IOException, CommandFailure;
  }

  /**
   * What a record is about.
   *
   * @param benchmark what is measured
   * @param parameters with which settings
   */
  record Entry(String benchmark, Map<String, Object> parameters) {
    String key() {
      return RecordKey.of(benchmark, parameters);
    }
  }

  /** Copies. */
  Step {
    entries = List.copyOf(entries);
  }
}
