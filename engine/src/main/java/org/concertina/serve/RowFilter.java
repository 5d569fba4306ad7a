package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/**
 * A set of rows that must not be recommended: one bit a row.
 *
 * <p>A deny-list excludes some rows; an allow-list excludes all and then allows some. Owns its
 * memory, which counts against the runtime's cap until {@link #close}. Threads may share it while
 * nobody changes it.
 */
public final class RowFilter implements AutoCloseable {
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

  private final DeviceRuntime runtime;
  private final int rows;
  private final OwnedMemory memory;
  private final MemorySegment words;

  RowFilter(DeviceRuntime runtime, int rows, MemoryCap cap) {
    this.runtime = runtime;
    this.rows = rows;
    this.memory = new OwnedMemory(cap);
    try {
      this.words = allocateWords(memory.arena(), rows);
    } catch (RuntimeException | Error failure) {
      memory.close();
      throw failure;
    }
  }

  /** Zeroed words with a bit for every row. */
  static MemorySegment allocateWords(CappedArena arena, int rows) {
    return arena.allocateLongs(wordCount(rows), "one bit a row");
  }

  static long wordCount(int rows) {
    return ((long) rows + Long.SIZE - 1) / Long.SIZE;
  }

  /** Number of rows that it has bits for. */
  public int rows() {
    return rows;
  }

  /** Takes a row out of the recommendations. */
  public void exclude(int row) {
    set(words, Objects.checkIndex(row, rows));
  }

  /** Lets a row in again. */
  public void allow(int row) {
    clear(words, Objects.checkIndex(row, rows));
  }

  /** Takes all rows out; {@link #allow} makes an allow-list of it. */
  public void excludeAll() {
    words.fill((byte) -1);
  }

  /** Lets all rows in. */
  public void allowAll() {
    words.fill((byte) 0);
  }

  /** Whether a row must not be recommended. */
  public boolean excludes(int row) {
    return isSet(words, Objects.checkIndex(row, rows));
  }

  DeviceRuntime runtime() {
    return runtime;
  }

  OwnedMemory memory() {
    return memory;
  }

  MemorySegment words() {
    return words;
  }

  static boolean isSet(MemorySegment words, int row) {
    return (words.get(WORD, wordOffsetBytes(row)) >>> row & 1) != 0;
  }

  static void set(MemorySegment words, int row) {
    long at = wordOffsetBytes(row);
    words.set(WORD, at, words.get(WORD, at) | 1L << row);
  }

  static void clear(MemorySegment words, int row) {
    long at = wordOffsetBytes(row);
    words.set(WORD, at, words.get(WORD, at) & ~(1L << row));
  }

  private static long wordOffsetBytes(int row) {
    return (long) (row >>> 6) * Long.BYTES;
  }

  /** Gives the memory back; closing again does nothing. */
  @Override
  public void close() {
    memory.close();
    runtime.forget(memory);
  }
}
