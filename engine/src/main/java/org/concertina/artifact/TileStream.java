package org.concertina.artifact;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;
import org.concertina.kernel.TileOps;
import org.concertina.memory.CappedArena;

/**
 * Turns row-major values into tiles of 16 rows and appends them to a file, codes of priors between
 * them; see the package's description.
 */
final class TileStream {
  private static final int TILE_ROWS = TileOps.TILE_ROWS;

  private final SectionStream out;

  TileStream(FileChannel channel, CappedArena arena, int maxDims) {
    this.out = new SectionStream(channel, arena, (long) TILE_ROWS * maxDims * Float.BYTES);
  }

  /**
   * Appends a group.
   *
   * @param values {@code rows x dims} floats; whole numbers in the precision's range unless it is
   *     fp32
   * @param totalBytes the group's bytes, up to which zeros follow the last tile
   */
  void append(MemorySegment values, int rows, int dims, Precision precision, long totalBytes)
      throws IOException {
    long tileBytes = precision.tileBytes(dims);
    long left = totalBytes;
    for (long row = 0; row < rows; row += TILE_ROWS) {
      long at = out.takeZeroed(tileBytes);
      fill(at, values, row, (int) Math.min(TILE_ROWS, rows - row), dims, precision);
      left -= tileBytes;
    }
    out.takeZeroed(left);
  }

  /**
   * Appends the codes of a group's prior.
   *
   * @param codes {@code rows} bytes
   * @param totalBytes the prior's bytes, up to which zeros follow the last code
   */
  void appendCodes(MemorySegment codes, int rows, long totalBytes) throws IOException {
    out.append(codes, 0, rows);
    out.takeZeroed(totalBytes - rows);
  }

  private void fill(
      long at, MemorySegment values, long row, int rows, int dims, Precision precision) {
    for (int r = 0; r < rows; r++) {
      long from = (row + r) * dims * Float.BYTES;
      for (int k = 0; k < dims; k++) {
        float value = values.get(ValueLayout.JAVA_FLOAT, from + (long) k * Float.BYTES);
        PackedElements.set(out.buffer(), at, r, k, precision, value);
      }
    }
  }

  /** Writes what is buffered; returns the checksum of everything. */
  int finish() throws IOException {
    return out.finish();
  }
}
