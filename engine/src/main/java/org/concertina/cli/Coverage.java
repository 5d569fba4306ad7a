package org.concertina.cli;

import java.util.Collection;
import org.concertina.block.ElasticConfig;
import org.concertina.report.QualityTable;

/**
 * The share of the catalogue that can be recommended, beside every metric of configurations that
 * drop groups: what is not reachable costs less in a metric than it costs whoever looks for it.
 */
final class Coverage {
  /** Title of a column, and key in JSON. */
  static final String TITLE = "coverage";

  static final String KEY = "catalogueCoverage";

  private Coverage() {}

  /** Whether some of the configurations drop a group, so that coverages are worth a column. */
  static boolean matters(Collection<ElasticConfig> configs) {
    return configs.stream().anyMatch(config -> !config.dropped().isEmpty());
  }

  /** Rounded down, since all but a few items is not all. */
  static String percent(double coverage) {
    return QualityTable.percent(coverage);
  }
}
