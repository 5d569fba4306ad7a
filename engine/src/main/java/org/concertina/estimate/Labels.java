package org.concertina.estimate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.concertina.block.ElasticConfig;

/**
 * Configurations and their exact metric.
 *
 * @param configs all different
 * @param metrics one a configuration; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of numbers; compared by nobody
public record Labels(List<ElasticConfig> configs, double[] metrics) {
  /** Copies the configurations and compares the sizes. */
  public Labels {
    configs = List.copyOf(configs);
    if (configs.size() != metrics.length) {
      throw new IllegalArgumentException(
          "labels: expected as many metrics as configurations (%d), got %d"
              .formatted(configs.size(), metrics.length));
    }
  }

  /** Number of labels. */
  public int count() {
    return metrics.length;
  }

  /** These and then others. */
  public Labels and(Labels others) {
    return new Labels(
        Stream.concat(configs.stream(), others.configs.stream()).toList(),
        DoubleStream.concat(Arrays.stream(metrics), Arrays.stream(others.metrics)).toArray());
  }
}
