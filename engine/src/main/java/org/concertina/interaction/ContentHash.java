package org.concertina.interaction;

import java.lang.foreign.ValueLayout;

/**
 * A 64-bit hash over a sequence of longs: a chain of 64-bit finalisers. Not cryptographic; it tells
 * data sets apart and does not resist an adversary.
 */
final class ContentHash {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state = GOLDEN_GAMMA;

  /** The finaliser of SplitMix64: variant 13 in D. Stafford, "Better Bit Mixing" (2011). */
  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  void add(long value) {
    state = mix((state + GOLDEN_GAMMA) ^ mix(value + GOLDEN_GAMMA));
  }

  /**
   * Adds a split under external ids: its tag, the number of users, then for each user the id, the
   * degree and the item ids, all ascending.
   */
  void addSplit(int tag, InteractionMatrix canonical, int[] userIds, int[] itemIds) {
    add(tag);
    add(userIds.length);
    for (int user = 0; user < userIds.length; user++) {
      add(userIds[user]);
      add(canonical.degree(user));
      for (long at = canonical.begin(user); at < canonical.end(user); at++) {
        add(itemIds[canonical.itemAt(at)]);
      }
    }
  }

  /** Adds names: how many, and their bytes, each name closed by a zero byte. */
  void addNames(IdNames names) {
    add(names.size());
    long word = 0;
    int filled = 0;
    for (int id = 0; id < names.size(); id++) {
      for (long at = names.begin(id); at <= names.begin(id + 1); at++) {
        boolean inside = at < names.begin(id + 1);
        word =
            word << Byte.SIZE | (inside ? names.bytes().get(ValueLayout.JAVA_BYTE, at) & 0xff : 0);
        if (++filled == Long.BYTES) {
          add(word);
          filled = 0;
        }
      }
    }
    add(word);
  }

  long value() {
    return mix(state);
  }
}
