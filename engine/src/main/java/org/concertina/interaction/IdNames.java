package org.concertina.interaction;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The names of ids that are not numbers: name {@code n} belongs to external id {@code n}.
 *
 * <p>Names are UTF-8 and ascend by their unsigned bytes. A view over off-heap memory that stays its
 * owner's; immutable and safe for any number of threads.
 */
public final class IdNames {
  private final MemorySegment offsets;
  private final MemorySegment bytes;
  private final int size;

  private IdNames(MemorySegment offsets, MemorySegment bytes) {
    this.offsets = offsets;
    this.bytes = bytes;
    this.size = Math.toIntExact(offsets.byteSize() / Long.BYTES - 1);
  }

  /**
   * A view.
   *
   * @param offsets {@code names + 1} longs from 0: where a name begins, and the one before ends
   * @param bytes as many as the last offset says
   * @throws IllegalArgumentException if the sizes do not fit each other
   */
  public static IdNames view(MemorySegment offsets, MemorySegment bytes) {
    if (offsets.byteSize() < Long.BYTES || offsets.byteSize() % Long.BYTES != 0) {
      throw new IllegalArgumentException(
          "offsets: expected names + 1 longs, got " + offsets.byteSize() + " bytes");
    }
    IdNames names = new IdNames(offsets, bytes);
    if (names.begin(names.size) != bytes.byteSize()) {
      throw new IllegalArgumentException(
          "bytes: expected %d, got %d".formatted(names.begin(names.size), bytes.byteSize()));
    }
    return names;
  }

  /** Number of names. */
  public int size() {
    return size;
  }

  /**
   * The name of an external id.
   *
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public String name(int id) {
    Objects.checkIndex(id, size);
    long begin = begin(id);
    byte[] text = bytes.asSlice(begin, begin(id + 1) - begin).toArray(ValueLayout.JAVA_BYTE);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** The external id of a name, -1 if it is not there; logarithmic in the names. */
  public int id(String name) {
    MemorySegment wanted = MemorySegment.ofArray(name.getBytes(StandardCharsets.UTF_8));
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, wanted);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  MemorySegment offsets() {
    return offsets;
  }

  MemorySegment bytes() {
    return bytes;
  }

  long begin(int id) {
    return offsets.getAtIndex(ValueLayout.JAVA_LONG, id);
  }

  /** Order of a name and other bytes, both unsigned. */
  int compare(int id, MemorySegment other) {
    MemorySegment name = bytes.asSlice(begin(id), begin(id + 1) - begin(id));
    long mismatch = name.mismatch(other);
    if (mismatch < 0) {
      return 0;
    }
    if (mismatch == name.byteSize() || mismatch == other.byteSize()) {
      return Long.compare(name.byteSize(), other.byteSize());
    }
    return Byte.compareUnsigned(
        name.get(ValueLayout.JAVA_BYTE, mismatch), other.get(ValueLayout.JAVA_BYTE, mismatch));
  }
}
