package org.concertina.block;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/**
 * Whether items have a prior, and which groups keep it as a byte a row; the others keep one prior
 * for all of their rows. Immutable.
 *
 * @see GroupPrior#pack
 */
public final class CodedPriors {
  /** Items without a prior. */
  public static final CodedPriors NONE = new CodedPriors(false, new BitSet());

  private final boolean present;
  private final BitSet coded;

  private CodedPriors(boolean present, BitSet coded) {
    this.present = present;
    this.coded = coded;
  }

  /** A byte a row in each of so many groups. */
  public static CodedPriors all(int groups) {
    BitSet coded = new BitSet();
    coded.set(0, groups);
    return new CodedPriors(true, coded);
  }

  /** A byte a row in the groups of the set. */
  public static CodedPriors ofGroups(BitSet groups) {
    return new CodedPriors(true, (BitSet) groups.clone());
  }

  /**
   * What {@link GroupPrior#pack} makes of these priors.
   *
   * @param priors a float for every item, by item index; null if items have none
   */
  public static CodedPriors of(MemorySegment priors, RowOrder order) {
    if (priors == null) {
      return NONE;
    }
    BitSet coded = new BitSet();
    for (int g = 0; g < order.groups().count(); g++) {
      coded.set(g, !GroupPrior.isUniform(priors, order, g));
    }
    return new CodedPriors(true, coded);
  }

  /** The same, but for dropped groups, which keep nothing. */
  public CodedPriors without(BitSet dropped) {
    BitSet left = (BitSet) coded.clone();
    left.andNot(dropped);
    return new CodedPriors(present, left);
  }

  /** Whether items have a prior. */
  public boolean present() {
    return present;
  }

  /** Whether a group keeps a byte a row. */
  public boolean isCoded(int group) {
    return coded.get(group);
  }

  /** Whether each of so many groups keeps a byte a row. */
  public boolean areAllCoded(int groups) {
    return coded.nextClearBit(0) >= groups;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodedPriors priors
        && present == priors.present
        && coded.equals(priors.coded);
  }

  @Override
  public int hashCode() {
    return coded.hashCode() + Boolean.hashCode(present);
  }

  @Override
  public String toString() {
    return present ? "priors, a byte a row in groups " + coded : "no priors";
  }
}
