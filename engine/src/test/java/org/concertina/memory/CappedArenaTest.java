package org.concertina.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CappedArenaTest {
  @Test
  void allocationsAreAlignedZeroAndCounted() {
    MemoryCap cap = MemoryCap.ofBytes(1 << 20);
    long expected = 0;
    try (CappedArena arena = new CappedArena(cap)) {
      for (int bytes : new int[] {0, 1, 3, 63, 64, 65, 1000, 4096}) {
        MemorySegment segment = arena.allocate(bytes, "test");
        expected += bytes;
        assertEquals(bytes, segment.byteSize());
        assertEquals(0, segment.address() % CappedArena.ALIGNMENT_BYTES);
        for (int i = 0; i < bytes; i++) {
          assertEquals(0, segment.get(ValueLayout.JAVA_BYTE, i));
        }
        segment.fill((byte) 0x55);
        assertEquals(expected, arena.ownedBytes());
        assertEquals(expected, cap.usedBytes());
      }
      assertEquals(40, arena.allocateFloats(10, "floats").byteSize());
      assertEquals(40, arena.allocateInts(10, "ints").byteSize());
      assertEquals(80, arena.allocateLongs(10, "longs").byteSize());
      assertEquals(expected + 160, cap.usedBytes());
      assertEquals(cap, arena.cap());
    }
    assertEquals(0, cap.usedBytes());
    assertEquals(expected + 160, cap.peakBytes());
  }

  @Test
  void largeAllocationsAreAlignedZeroCountedAndGoneAfterTheClose() {
    for (long bytes : new long[] {HugePages.MIN_BYTES, (9L << 20) + 4, (4L << 20) - 4}) {
      MemoryCap cap = MemoryCap.ofBytes(bytes);
      MemorySegment segment;
      try (CappedArena arena = new CappedArena(cap)) {
        segment = arena.allocate(bytes, "test");
        assertEquals(bytes, segment.byteSize());
        assertEquals(bytes, arena.ownedBytes());
        boolean huge = CappedArena.hugePages() && bytes >= HugePages.MIN_BYTES;
        long alignment = huge ? HugePages.PAGE_BYTES : CappedArena.ALIGNMENT_BYTES;
        assertEquals(0, segment.address() % alignment);
        for (long at = 0; at + 4 <= bytes; at += 1020) {
          assertEquals(0, segment.get(ValueLayout.JAVA_INT, at));
          segment.set(ValueLayout.JAVA_INT, at, 7);
        }
        segment.set(ValueLayout.JAVA_BYTE, bytes - 1, (byte) 1);
        assertThrows(
            IndexOutOfBoundsException.class, () -> segment.get(ValueLayout.JAVA_BYTE, bytes));
      }
      assertEquals(0, cap.usedBytes());
      assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  @Test
  void aClosedArenaMapsNothing() {
    CappedArena arena = new CappedArena(MemoryCap.unlimited());
    arena.close();
    assertThrows(IllegalStateException.class, () -> arena.allocate(9L << 20, "test"));
    assertEquals(0, arena.ownedBytes());
  }

  @Test
  void linuxWithNativeAccessHasHugePages() {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "not Linux");
    assertTrue(CappedArena.hugePages());
  }

  @Test
  void whatDoesNotFitIsRefusedAndNotCounted() {
    MemoryCap cap = MemoryCap.ofBytes(100);
    try (CappedArena arena = new CappedArena(cap)) {
      arena.allocate(100, "all");
      assertThrows(MemoryCapExceededException.class, () -> arena.allocate(1, "one more"));
      assertEquals(100, cap.usedBytes());
      assertEquals(100, arena.ownedBytes());
    }
    assertEquals(0, cap.usedBytes());
  }

  @Test
  void arenasShareACap() {
    MemoryCap cap = MemoryCap.ofBytes(100);
    try (CappedArena a = new CappedArena(cap)) {
      a.allocate(60, "a");
      try (CappedArena b = new CappedArena(cap)) {
        b.allocate(40, "b");
        assertThrows(MemoryCapExceededException.class, () -> a.allocate(1, "a"));
      }
      assertEquals(60, cap.usedBytes());
      a.allocate(40, "a");
    }
    assertEquals(0, cap.usedBytes());
  }

  @Test
  void useAfterCloseThrows() {
    MemoryCap cap = MemoryCap.ofBytes(100);
    CappedArena arena = new CappedArena(cap);
    MemorySegment segment = arena.allocate(64, "test");
    arena.close();
    assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_INT, 0));
    assertThrows(IllegalStateException.class, () -> segment.set(ValueLayout.JAVA_INT, 0, 1));
    assertThrows(IllegalStateException.class, arena::close);
    assertEquals(0, cap.usedBytes());
  }

  @Test
  void allocationAfterCloseIsNotCounted(@TempDir Path directory) throws IOException {
    MemoryCap cap = MemoryCap.ofBytes(1000);
    CappedArena arena = new CappedArena(cap);
    arena.close();
    assertThrows(IllegalStateException.class, () -> arena.allocate(64, "late"));
    assertEquals(0, cap.usedBytes());
    Path file = Files.write(directory.resolve("file"), new byte[10]);
    try (FileChannel channel = FileChannel.open(file)) {
      assertThrows(IllegalStateException.class, () -> arena.readFile(channel, "late"));
    }
    assertEquals(0, cap.usedBytes());
    assertEquals(0, arena.ownedBytes());
  }

  @Test
  void sizesThatOverflowThrow() {
    try (CappedArena arena = CappedArena.unlimited()) {
      assertThrows(ArithmeticException.class, () -> arena.allocateFloats(1L << 61, "floats"));
      assertThrows(ArithmeticException.class, () -> arena.allocateLongs(1L << 60, "longs"));
      assertThrows(IllegalArgumentException.class, () -> arena.allocateInts(-1, "ints"));
      assertEquals(0, arena.ownedBytes());
    }
  }

  @Test
  void filesAreReadCountedAndReadOnly(@TempDir Path directory) throws IOException {
    byte[] content = {1, 2, 3, 4, 5};
    Path file = Files.write(directory.resolve("file"), content);
    Path empty = Files.write(directory.resolve("empty"), new byte[0]);
    MemoryCap cap = MemoryCap.ofBytes(8);
    MemorySegment read;
    try (CappedArena arena = new CappedArena(cap)) {
      try (FileChannel channel = FileChannel.open(file);
          FileChannel emptyChannel = FileChannel.open(empty)) {
        read = arena.readFile(channel, "file");
        assertEquals(0, arena.readFile(emptyChannel, "empty").byteSize());
        assertThrows(MemoryCapExceededException.class, () -> arena.readFile(channel, "again"));
      }
      Files.write(file, new byte[] {9, 9, 9, 9, 9});
      assertEquals(5, cap.usedBytes());
      assertArrayEquals(content, read.toArray(ValueLayout.JAVA_BYTE));
      assertTrue(read.isReadOnly());
      assertThrows(
          IllegalArgumentException.class, () -> read.set(ValueLayout.JAVA_BYTE, 0, (byte) 9));
    }
    assertEquals(0, cap.usedBytes());
    assertThrows(IllegalStateException.class, () -> read.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void largeFilesAreReadInChunks(@TempDir Path directory) throws IOException {
    long bytes = (65L << 20) + 3; // more than one chunk, and a tail
    Path file = directory.resolve("file");
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        CappedArena arena = CappedArena.unlimited()) {
      channel.write(ByteBuffer.wrap(new byte[] {7, 8, 9}), bytes - 3);
      try (FileChannel reading = FileChannel.open(file)) {
        MemorySegment read = arena.readFile(reading, "file");
        assertEquals(bytes, read.byteSize());
        assertEquals(0, read.get(ValueLayout.JAVA_BYTE, bytes - 4));
        assertEquals(7, read.get(ValueLayout.JAVA_BYTE, bytes - 3));
        assertEquals(9, read.get(ValueLayout.JAVA_BYTE, bytes - 1));
      }
    }
  }

  @Test
  void failedReadingIsCountedUntilTheClose(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("file"), new byte[10]);
    MemoryCap cap = MemoryCap.ofBytes(100);
    try (CappedArena arena = new CappedArena(cap)) {
      FileChannel closed = FileChannel.open(file);
      closed.close();
      assertThrows(ClosedChannelException.class, () -> arena.readFile(closed, "closed"));
      assertEquals(0, cap.usedBytes());
      try (FileChannel writeOnly = FileChannel.open(file, StandardOpenOption.WRITE)) {
        assertThrows(RuntimeException.class, () -> arena.readFile(writeOnly, "write-only"));
      }
      assertEquals(10, cap.usedBytes());
    }
    assertEquals(0, cap.usedBytes());
  }

  @Test
  void closeRacingWithAllocationLeaksNothing() throws Exception {
    MemoryCap cap = MemoryCap.unlimited();
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 100; i++) {
        CappedArena arena = new CappedArena(cap);
        Future<?> allocations =
            pool.submit(
                () -> {
                  for (int k = 0; k < 1_000; k++) {
                    arena.allocate(64, "race");
                  }
                });
        arena.close();
        try {
          allocations.get();
        } catch (ExecutionException closed) {
          assertEquals(IllegalStateException.class, closed.getCause().getClass());
        }
        assertEquals(0, cap.usedBytes());
      }
    }
  }
}
