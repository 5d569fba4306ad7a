package org.concertina.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;

/**
 * The baseline that keeps the first k blocks of every row.
 *
 * @param space what is allowed
 * @param layout what it costs
 */
public record UniformFirstK(SearchSpace space, ArtifactLayout layout) {
  /** The largest k everywhere that fits in a precision; nothing if not even one block fits. */
  public Optional<ElasticConfig> strict(long budgetBytes, Precision precision) {
    for (int k = space.shape().blocks(); k >= 1; k--) {
      ElasticConfig config = ElasticConfig.uniform(space.shape(), space.groups(), k, precision);
      if (layout.fileBytes(config) <= budgetBytes) {
        return Optional.of(config);
      }
    }
    return Optional.empty();
  }

  /**
   * {@link #strict}, then one block more for groups from the most popular on while they fit. If
   * groups may be dropped and one block is too much, k is 0: the most popular groups keep one.
   */
  public Optional<ElasticConfig> filled(long budgetBytes, Precision precision) {
    return strict(budgetBytes, precision)
        .map(config -> fill(config, config.choice(0).keptBlocks(), precision, budgetBytes))
        .or(() -> someGroups(budgetBytes, precision));
  }

  private Optional<ElasticConfig> someGroups(long budgetBytes, Precision precision) {
    ElasticConfig first = space.smallest();
    for (int g = 0; g < space.keptGroups(); g++) {
      first = first.withChoice(g, BlockChoice.prefix(1, precision));
    }
    return space.allowDropped() && layout.fileBytes(first) <= budgetBytes
        ? Optional.of(fill(first, 0, precision, budgetBytes))
        : Optional.empty();
  }

  private ElasticConfig fill(ElasticConfig config, int k, Precision precision, long budgetBytes) {
    if (k == space.shape().blocks()) {
      return config;
    }
    BlockChoice more = BlockChoice.prefix(k + 1, precision);
    Genome genome = Genome.of(layout, config);
    for (int g = 0; g < genome.groups(); g++) {
      if (genome.fileBytesWith(g, more) > budgetBytes) {
        break;
      }
      genome.set(g, more);
    }
    return genome.toConfig();
  }

  /** All blocks of every row in a precision; nothing if that does not fit. */
  public Optional<ElasticConfig> table(long budgetBytes, Precision precision) {
    ElasticConfig config =
        ElasticConfig.uniform(space.shape(), space.groups(), space.shape().blocks(), precision);
    return Optional.of(config).filter(all -> layout.fileBytes(all) <= budgetBytes);
  }

  /** {@link #strict} in every precision that fits. */
  public List<ElasticConfig> allStrict(long budgetBytes) {
    List<ElasticConfig> configs = new ArrayList<>();
    space.precisions().forEach(p -> strict(budgetBytes, p).ifPresent(configs::add));
    return configs;
  }

  /** {@link #filled} in every precision that fits. */
  public List<ElasticConfig> allFilled(long budgetBytes) {
    List<ElasticConfig> configs = new ArrayList<>();
    space.precisions().forEach(p -> filled(budgetBytes, p).ifPresent(configs::add));
    return configs;
  }
}
