package org.concertina.ingest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.concertina.memory.CappedArena;

/**
 * Distinct byte strings, numbered from 0 in the order in which they first appear.
 *
 * <p>The bytes lie off-heap in memory that the arena owns, 16 bytes of numbers and hashes a name on
 * the heap. Looking a name up allocates nothing. Not thread-safe.
 */
final class NamePool {
  /** The longest name. */
  static final int MAX_NAME_BYTES = 4096;

  private static final int CHUNK_BYTES = 1 << 18;
  private static final int LENGTH_BYTES = Short.BYTES;
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final CappedArena arena;
  private final List<MemorySegment> chunks = new ArrayList<>();
  private int lastChunkBytes = CHUNK_BYTES;
  private long[] begins = new long[64];
  private int[] hashes = new int[64];
  private int[] slots = new int[128];
  private int size;
  private long nameBytes;

  NamePool(CappedArena arena) {
    this.arena = arena;
    Arrays.fill(slots, -1);
  }

  int size() {
    return size;
  }

  /** Bytes of all names together. */
  long nameBytes() {
    return nameBytes;
  }

  /** The number of a name, which is added if it is new. */
  int indexOf(byte[] b, int begin, int end) {
    int hash = hash(b, begin, end);
    int slot = find(hash, b, begin, end);
    if (slots[slot] >= 0) {
      return slots[slot];
    }
    if (2 * (size + 1) > slots.length) {
      grow();
      slot = find(hash, b, begin, end);
    }
    slots[slot] = size;
    hashes[size] = hash;
    begins[size] = store(b, begin, end);
    return size++;
  }

  /** Whether there is such a name. */
  boolean contains(byte[] b, int begin, int end) {
    return slots[find(hash(b, begin, end), b, begin, end)] >= 0;
  }

  /** The slot of the name, or the empty one where it belongs. */
  private int find(int hash, byte[] b, int begin, int end) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] >= 0
        && !(hashes[slots[slot]] == hash && equal(slots[slot], b, begin, end))) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    if (slots.length > Integer.MAX_VALUE / 4) {
      throw new IllegalStateException("more than " + size + " ids that are not numbers");
    }
    slots = new int[2 * slots.length];
    Arrays.fill(slots, -1);
    begins = Arrays.copyOf(begins, slots.length / 2);
    hashes = Arrays.copyOf(hashes, slots.length / 2);
    for (int name = 0; name < size; name++) {
      int slot = hashes[name] & (slots.length - 1);
      while (slots[slot] >= 0) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = name;
    }
  }

  private long store(byte[] b, int begin, int end) {
    int length = end - begin;
    if (length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException("name of " + length + " bytes");
    }
    if (lastChunkBytes + LENGTH_BYTES + length > CHUNK_BYTES) {
      chunks.add(arena.allocate(CHUNK_BYTES, "names of ids"));
      lastChunkBytes = 0;
    }
    MemorySegment chunk = chunks.getLast();
    long at = (chunks.size() - 1L) * CHUNK_BYTES + lastChunkBytes;
    chunk.set(ValueLayout.JAVA_SHORT_UNALIGNED, lastChunkBytes, (short) length);
    MemorySegment.copy(
        b, begin, chunk, ValueLayout.JAVA_BYTE, lastChunkBytes + LENGTH_BYTES, length);
    lastChunkBytes += LENGTH_BYTES + length;
    nameBytes += length;
    return at;
  }

  private static int hash(byte[] b, int begin, int end) {
    long hash = (end - begin) * MULTIPLIER;
    int at = begin;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = (hash ^ (long) WORDS.get(b, at)) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    long tail = 0;
    for (; at < end; at++) {
      tail = tail << Byte.SIZE | (b[at] & 0xff);
    }
    hash = (hash ^ tail) * MULTIPLIER;
    return (int) (hash ^ hash >>> 29);
  }

  private boolean equal(int name, byte[] b, int begin, int end) {
    MemorySegment chunk = chunk(name);
    int at = offset(name);
    if (length(chunk, at) != end - begin) {
      return false;
    }
    at += LENGTH_BYTES;
    int i = begin;
    for (; i <= end - Long.BYTES; i += Long.BYTES, at += Long.BYTES) {
      if (chunk.get(WORD, at) != (long) WORDS.get(b, i)) {
        return false;
      }
    }
    for (; i < end; i++, at++) {
      if (chunk.get(ValueLayout.JAVA_BYTE, at) != b[i]) {
        return false;
      }
    }
    return true;
  }

  private MemorySegment chunk(int name) {
    return chunks.get((int) (begins[name] / CHUNK_BYTES));
  }

  private int offset(int name) {
    return (int) (begins[name] % CHUNK_BYTES);
  }

  private static int length(MemorySegment chunk, int at) {
    return chunk.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
  }

  /** The bytes of a name. */
  MemorySegment name(int name) {
    MemorySegment chunk = chunk(name);
    int at = offset(name);
    return chunk.asSlice(at + LENGTH_BYTES, length(chunk, at));
  }

  /** A hash of a name's bytes that does not depend on other names. */
  long key(int name) {
    byte[] bytes = name(name).toArray(ValueLayout.JAVA_BYTE);
    long low = hash(bytes, 0, bytes.length) & 0xffffffffL;
    long high = 0;
    for (byte value : bytes) {
      high = 31 * high + value;
    }
    return high << Integer.SIZE | low;
  }

  /** The first eight bytes, big-endian, zeros behind the end: unsigned, they order as names do. */
  private long prefix(int name) {
    MemorySegment bytes = name(name);
    long prefix = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      int value = i < bytes.byteSize() ? bytes.get(ValueLayout.JAVA_BYTE, i) & 0xff : 0;
      prefix = prefix << Byte.SIZE | value;
    }
    return prefix;
  }

  /** The names in the order of their unsigned bytes: a bottom-up merge sort. */
  int[] sorted() {
    long[] prefixes = new long[size];
    int[] order = new int[size];
    for (int name = 0; name < size; name++) {
      prefixes[name] = prefix(name) ^ Long.MIN_VALUE;
      order[name] = name;
    }
    int[] other = new int[size];
    for (long width = 1; width < size; width *= 2) {
      for (long begin = 0; begin < size; begin += 2 * width) {
        int middle = (int) Math.min(size, begin + width);
        int end = (int) Math.min(size, begin + 2 * width);
        int left = (int) begin;
        int right = middle;
        for (int at = (int) begin; at < end; at++) {
          boolean takeLeft =
              right == end || (left < middle && compare(prefixes, order[left], order[right]) <= 0);
          other[at] = order[takeLeft ? left++ : right++];
        }
      }
      int[] swap = order;
      order = other;
      other = swap;
    }
    return order;
  }

  private int compare(long[] prefixes, int a, int b) {
    int order = Long.compare(prefixes[a], prefixes[b]);
    return order != 0 ? order : compareBytes(name(a), name(b));
  }

  private static int compareBytes(MemorySegment a, MemorySegment b) {
    long at = a.mismatch(b);
    if (at < 0) {
      return 0;
    }
    if (at == a.byteSize() || at == b.byteSize()) {
      return Long.compare(a.byteSize(), b.byteSize());
    }
    return Byte.compareUnsigned(a.get(ValueLayout.JAVA_BYTE, at), b.get(ValueLayout.JAVA_BYTE, at));
  }
}
