package org.concertina.cli;

import org.concertina.block.Groups;
import org.concertina.interaction.InteractionData;
import org.concertina.train.TrainedModel;
import picocli.CommandLine.Option;

/** Options that decide which items keep the same blocks; training has no say in it. */
final class GroupOptions {
  private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";

  @Option(
      names = "--groups",
      paramLabel = "G",
      description = "Groups of items that keep the same blocks (default: as many as in training).")
  Integer groups;

  @Option(
      names = "--group-by",
      paramLabel = "NAME",
      defaultValue = "count",
      description =
          "What groups have equal shares of: count (items) or mass (training interactions, so that"
              + " groups of popular items are small); or learned: boundaries that part items of"
              + " different popularity best."
              + DEFAULT)
  GroupBy groupBy;

  /** How items are put into groups. */
  enum GroupBy {
    /** As many items in every group. */
    COUNT,
    /** As many training interactions in every group. */
    MASS,
    /** Boundaries that cost least, by training interactions. */
    LEARNED
  }

  /**
   * The groups that are searched.
   *
   * @throws IllegalArgumentException if there are more groups than items
   */
  Groups groups(TrainedModel model, InteractionData data) {
    int count = groups == null ? model.groups().count() : groups;
    return switch (groupBy) {
      case COUNT -> Groups.equalCount(data.items(), count);
      case MASS -> Groups.equalMass(data.train().popularity(), count);
      case LEARNED -> Groups.learned(data.train().popularity(), count);
    };
  }
}
