package org.concertina.estimate;

import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.judge.Verdict;
import org.concertina.kernel.CounterRandom;

/**
 * A made-up metric with the traits of a real one: popular groups matter more, every further block
 * gains less, int8 costs little, and groups compete.
 *
 * @param noise amplitude of a disturbance that is a hash of the configuration
 */
public record SyntheticMetric(double noise) {
  /** The metric of a configuration. */
  public Verdict judge(ElasticConfig config) {
    double sum = 0;
    double previous = 1;
    for (int g = 0; g < config.groups(); g++) {
      BlockChoice choice = config.choice(g);
      double value = 0;
      for (int n = 0; n < config.shape().blocks(); n++) {
        value += choice.keeps(n) ? 1.0 / (1 + n) : 0;
      }
      double quality = 1 - Math.exp(-value);
      quality *=
          switch (choice.precision()) {
            case FP32 -> 1;
            case INT8 -> 0.99;
            case INT4 -> 0.97;
            case INT2 -> 0.9;
          };
      sum += quality * (0.5 + 0.5 * previous) / (1 + g);
      previous = quality;
    }
    long hash = 0;
    for (BlockChoice choice : config.choices()) {
      hash = CounterRandom.key(hash, choice.blockMask() * 8 + choice.precision().code());
    }
    double metric = 0.1 * sum + noise * CounterRandom.unit(hash, 0);
    return new Verdict(metric, metric / 2);
  }
}
