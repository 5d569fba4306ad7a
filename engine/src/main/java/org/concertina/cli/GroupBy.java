package org.concertina.cli;

import org.concertina.block.Groups;
import org.concertina.interaction.InteractionMatrix;

/** How items are put into groups that keep the same blocks; training has no say in it. */
enum GroupBy {
  /** As many items in every group. */
  COUNT {
    @Override
    Groups groups(InteractionMatrix train, int count) {
      return Groups.equalCount(train.items(), count);
    }
  },
  /** As many training interactions in every group. */
  MASS {
    @Override
    Groups groups(InteractionMatrix train, int count) {
      return Groups.equalMass(train.popularity(), count);
    }
  },
  /** Boundaries that cost least, by training interactions. */
  LEARNED {
    @Override
    Groups groups(InteractionMatrix train, int count) {
      return Groups.learned(train.popularity(), count);
    }
  };

  /**
   * So many groups.
   *
   * @throws IllegalArgumentException if there are more groups than items
   */
  abstract Groups groups(InteractionMatrix train, int count);
}
