package org.concertina.memory;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Owner of off-heap segments whose bytes are counted against a {@link MemoryCap}.
 *
 * <p>Segments are shared between threads, 64-byte aligned, zero-filled, and die with {@link
 * #close}. Thread-safe. Using a segment after the close throws {@link IllegalStateException}; it
 * never reads freed memory.
 */
public final class CappedArena implements AutoCloseable {
  /** Alignment of every allocation, one cache line. */
  public static final long ALIGNMENT_BYTES = 64;

  private static final long CHUNK_BYTES = 64L << 20;

  private final Arena arena;
  private final MemoryCap cap;
  private final AtomicLong ownedBytes = new AtomicLong();

  /** Opens an arena that takes its bytes from {@code cap}. */
  public CappedArena(MemoryCap cap) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new UnsupportedOperationException(
          "Concertina's files and kernels are little-endian; this host is big-endian");
    }
    this.cap = cap;
    this.arena = Arena.ofShared();
  }

  /** An arena that counts its bytes but has no limit. */
  public static CappedArena unlimited() {
    return new CappedArena(MemoryCap.unlimited());
  }

  /**
   * Allocates zeroed bytes; 4 MB and more on 2 MB pages where {@link #hugePages} says so.
   *
   * @throws MemoryCapExceededException if the cap has fewer bytes left
   * @throws IllegalStateException if the arena is closed
   */
  public synchronized MemorySegment allocate(long bytes, String purpose) {
    take(bytes, purpose);
    boolean allocated = false;
    try {
      MemorySegment segment = HugePages.allocate(bytes, arena);
      if (segment == null) {
        segment = arena.allocate(bytes, ALIGNMENT_BYTES);
      }
      allocated = true;
      return segment;
    } finally {
      if (!allocated) {
        giveBack(bytes);
      }
    }
  }

  /** Allocates {@code count} zeroed floats. */
  public MemorySegment allocateFloats(long count, String purpose) {
    return allocate(Math.multiplyExact(count, Float.BYTES), purpose);
  }

  /** Allocates {@code count} zeroed ints. */
  public MemorySegment allocateInts(long count, String purpose) {
    return allocate(Math.multiplyExact(count, Integer.BYTES), purpose);
  }

  /** Allocates {@code count} zeroed longs. */
  public MemorySegment allocateLongs(long count, String purpose) {
    return allocate(Math.multiplyExact(count, Long.BYTES), purpose);
  }

  /**
   * Reads a whole file into memory that nobody can write to; its size counts against the cap.
   *
   * <p>A copy and not a mapping: what happens to the file afterwards does not matter, and the JDK
   * has a class of its own for mapped segments. A kernel that meets both classes checks every load
   * for which it is, which makes it slower by more than the copy of any request's rows.
   *
   * @throws MemoryCapExceededException if the file is larger than what is left
   * @throws IOException if it cannot be read or becomes shorter meanwhile; its bytes stay counted
   *     until the close
   * @throws IllegalStateException if the arena is closed
   */
  public MemorySegment readFile(FileChannel channel, String purpose) throws IOException {
    long bytes = channel.size();
    MemorySegment segment = allocate(bytes, purpose);
    for (long at = 0; at < bytes; ) {
      ByteBuffer chunk = segment.asSlice(at, Math.min(CHUNK_BYTES, bytes - at)).asByteBuffer();
      int read = channel.read(chunk, at);
      if (read < 0) {
        throw new EOFException(purpose + ": the file became shorter while it was read");
      }
      at += read;
    }
    return segment.asReadOnly();
  }

  private void take(long bytes, String purpose) {
    cap.reserve(bytes, purpose);
    ownedBytes.addAndGet(bytes);
  }

  private void giveBack(long bytes) {
    ownedBytes.addAndGet(-bytes);
    cap.release(bytes);
  }

  /**
   * Whether large allocations ask the system for 2 MB pages: on 64-bit Linux, if this code may make
   * native calls ({@code --enable-native-access}).
   */
  public static boolean hugePages() {
    return HugePages.available();
  }

  /** The cap that this arena takes its bytes from. */
  public MemoryCap cap() {
    return cap;
  }

  /** Bytes that this arena has taken. */
  public long ownedBytes() {
    return ownedBytes.get();
  }

  /**
   * Frees every segment and gives the bytes back to the cap.
   *
   * @throws IllegalStateException if it is closed already, or while a segment is in use by a
   *     foreign call
   */
  @Override
  public synchronized void close() {
    arena.close();
    cap.release(ownedBytes.getAndSet(0));
  }
}
