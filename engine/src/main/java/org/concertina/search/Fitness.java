package org.concertina.search;

import java.util.List;
import org.concertina.block.BlockChoice;

/** A guess of a configuration's metric that costs next to nothing; used by one thread. */
@FunctionalInterface
public interface Fitness {
  /** The guess for one choice a group; the list is read at once and not kept. */
  double of(List<BlockChoice> choices);
}
