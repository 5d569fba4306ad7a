package org.concertina.artifact;

import static org.concertina.artifact.ArtifactFormat.INT;
import static org.concertina.artifact.ArtifactFormat.LONG;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Objects;
import org.concertina.block.Groups;

/**
 * Looks ids up in an encoded id section, without decoding it.
 *
 * <p>A view: whoever owns the segment keeps it open. Thread-safe; lookups allocate nothing. A
 * lookup counts the set bits of at most the upper words of one group, or, from an id to its row, of
 * every group whose range holds the id.
 *
 * @see IdCodec
 */
public final class IdView {
  private final MemorySegment section;
  private final Groups groups;
  private final BitSet dropped;
  private final int[] firstIds;
  private final int[] lastIds;
  private final int[] widths;
  private final long[] lowerOffsets;
  private final long[] upperOffsets;
  private final long endBytes;

  /**
   * A view of a section that {@link IdCodec#encode} wrote.
   *
   * @param section starts with the section
   * @param groups the groups that it was written with
   * @param dropped the groups whose ids were left out
   */
  public IdView(MemorySegment section, Groups groups, BitSet dropped) {
    int count = groups.count();
    this.section = section;
    this.groups = groups;
    this.firstIds = new int[count];
    this.lastIds = new int[count];
    this.widths = new int[count];
    this.lowerOffsets = new long[count];
    this.upperOffsets = new long[count];
    long at = (long) count * IdCodec.GROUP_HEADER_BYTES;
    this.dropped = (BitSet) dropped.clone();
    for (int g = 0; g < count; g++) {
      long header = (long) g * IdCodec.GROUP_HEADER_BYTES;
      if (dropped.get(g)) {
        // An empty range, in which no id is looked for.
        firstIds[g] = 0;
        lastIds[g] = -1;
        continue;
      }
      firstIds[g] = section.get(INT, header);
      lastIds[g] = section.get(INT, header + Integer.BYTES);
      // A damaged header may say that the last id is below the first; verify() refuses it before
      // any lookup.
      long span = Math.max(0, span(g));
      int n = groups.size(g);
      widths[g] = IdCodec.lowerBits(n, span);
      lowerOffsets[g] = at;
      upperOffsets[g] = at + IdCodec.lowerBytes(n, span);
      at += IdCodec.groupBytes(n, span);
    }
    this.endBytes = at;
  }

  private long span(int group) {
    return (long) lastIds[group] - firstIds[group];
  }

  /**
   * The id of a row.
   *
   * @throws IndexOutOfBoundsException if there is no such row, or its group is dropped
   */
  public int idAtRow(int row) {
    Objects.checkIndex(row, groups.items());
    int group = groups.groupOf(row);
    if (dropped.get(group)) {
      throw new IndexOutOfBoundsException(
          "row: expected one of a group that is kept, got %d of group %d".formatted(row, group));
    }
    int i = row - groups.start(group);
    return (int) (firstIds[group] + delta(group, i, selectOne(upperOffsets[group], i)));
  }

  /**
   * The row of an id, or -1 if there is none or its group is dropped; the lowest, should a file
   * hold an id in two groups.
   */
  public int rowOfId(long id) {
    for (int g = 0; g < firstIds.length; g++) {
      if (id >= firstIds[g] && id <= lastIds[g]) {
        int i = indexOf(g, id - firstIds[g]);
        if (i >= 0) {
          return groups.start(g) + i;
        }
      }
    }
    return -1;
  }

  private long delta(int group, int i, long position) {
    return (position - i) << widths[group] | lower(group, i);
  }

  private long lower(int group, int i) {
    int width = widths[group];
    if (width == 0) {
      return 0;
    }
    long bit = (long) i * width;
    long at = lowerOffsets[group] + (bit >>> 6) * Long.BYTES;
    int shift = (int) (bit & 63);
    long word = section.get(LONG, at) >>> shift;
    if (shift + width > Long.SIZE) {
      word |= section.get(LONG, at + Long.BYTES) << (Long.SIZE - shift);
    }
    return word & ((1L << width) - 1);
  }

  private int indexOf(int group, long delta) {
    int width = widths[group];
    long high = delta >>> width;
    long low = delta & ((1L << width) - 1);
    long words = upperOffsets[group];
    long position = high == 0 ? 0 : selectZero(words, high - 1) + 1;
    long end = IdCodec.upperBits(groups.size(group), span(group));
    for (; position < end && bit(words, position); position++) {
      int i = (int) (position - high);
      long candidate = lower(group, i);
      if (candidate >= low) {
        return candidate == low ? i : -1;
      }
    }
    return -1;
  }

  private boolean bit(long words, long position) {
    return (section.get(LONG, words + (position >>> 6) * Long.BYTES) >>> position & 1) != 0;
  }

  /** Position of the set bit of this rank, which exists. */
  private long selectOne(long words, long rank) {
    long left = rank;
    for (long at = words; ; at += Long.BYTES) {
      long word = section.get(LONG, at);
      int ones = Long.bitCount(word);
      if (left < ones) {
        return (at - words) * Byte.SIZE + selectInWord(word, (int) left);
      }
      left -= ones;
    }
  }

  /** Position of the clear bit of this rank, which exists. */
  private long selectZero(long words, long rank) {
    long left = rank;
    for (long at = words; ; at += Long.BYTES) {
      long inverted = ~section.get(LONG, at);
      int zeros = Long.bitCount(inverted);
      if (left < zeros) {
        return (at - words) * Byte.SIZE + selectInWord(inverted, (int) left);
      }
      left -= zeros;
    }
  }

  private static int selectInWord(long word, int rank) {
    long left = word;
    for (int i = 0; i < rank; i++) {
      left &= left - 1;
    }
    return Long.numberOfTrailingZeros(left);
  }

  /** Verifies every bit of the section, so that lookups cannot leave it. */
  void verify(long sectionBytes, Faults faults) throws ArtifactCorruptException {
    for (int g = 0; g < firstIds.length; g++) {
      if (!dropped.get(g) && span(g) < groups.size(g) - 1L) {
        throw faults.corrupt(
            "last id of group " + g,
            "at least " + (firstIds[g] + (long) groups.size(g) - 1),
            lastIds[g]);
      }
    }
    faults.expectEqual("ids bytes", endBytes, sectionBytes);
    for (int g = 0; g < firstIds.length; g++) {
      String name = "ids of group " + g;
      if (dropped.get(g)) {
        long header = (long) g * IdCodec.GROUP_HEADER_BYTES;
        faults.expectZero(
            name, ArtifactFormat.firstNonZero(section, header, IdCodec.GROUP_HEADER_BYTES));
      } else {
        verifyGroup(g, name, faults);
      }
    }
  }

  private void verifyGroup(int group, String name, Faults faults) throws ArtifactCorruptException {
    int n = groups.size(group);
    String setBits = name + ": number of set bits";
    long words = upperOffsets[group];
    long bytes = lowerOffsets[group] + IdCodec.groupBytes(n, span(group)) - words;
    int i = 0;
    long before = -1;
    for (long at = 0; at < bytes; at += Long.BYTES) {
      for (long left = section.get(LONG, words + at); left != 0; left &= left - 1) {
        faults.expectRange(setBits, 0, n, i + 1L);
        long position = at * Byte.SIZE + Long.numberOfTrailingZeros(left);
        long delta = delta(group, i, position);
        if (delta <= before || (i == 0 && delta != 0)) {
          throw faults.corrupt(name, "ascending from the first id", "another order at row " + i);
        }
        before = delta;
        i++;
      }
    }
    faults.expectEqual(setBits, n, i);
    faults.expectEqual(name + ": last id", lastIds[group], firstIds[group] + before);
    long lowerEnd = (long) n * widths[group];
    if ((lowerEnd & 63) != 0) {
      long last = section.get(LONG, lowerOffsets[group] + (lowerEnd >>> 6) * Long.BYTES);
      faults.expectEqual(name + ": padding bits", 0, last >>> lowerEnd);
    }
  }
}
