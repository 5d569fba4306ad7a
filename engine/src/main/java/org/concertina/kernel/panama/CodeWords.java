package org.concertina.kernel.panama;

import static org.concertina.kernel.TileOps.TILE_ROWS;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The 16-bit words of tiles of unit codes. A column is one vector of rows within a tile.
 *
 * <p>Some dimensions of a row are one word, since short is the narrowest type that has a vector of
 * as many lanes as four, eight and sixteen floats; and a word's codes come out of the top of an int
 * by shifts alone, with no shuffle across lanes.
 */
final class CodeWords {
  static final int COLUMNS_PER_TILE = TILE_ROWS / LANES;

  /** From a word of a row to its next. */
  static final int WORD_ROW_BYTES = TILE_ROWS * Short.BYTES;

  private static final int WORD_COLUMN_BYTES = LANES * Short.BYTES;

  private static final VectorSpecies<Integer> I32 = VectorSpecies.of(int.class, F32.vectorShape());
  private static final VectorSpecies<Short> I16 =
      switch (LANES) {
        case 16 -> ShortVector.SPECIES_256;
        case 8 -> ShortVector.SPECIES_128;
        default -> ShortVector.SPECIES_64;
      };

  private CodeWords() {}

  /** Offset of the first words of a column. */
  static long column(long base, int column, long tileBytes) {
    int tile = column / COLUMNS_PER_TILE;
    return base + tile * tileBytes + (long) (column % COLUMNS_PER_TILE) * WORD_COLUMN_BYTES;
  }

  /** A word of every row of a column, in the top half of an int. */
  static IntVector words(MemorySegment tiles, long at) {
    IntVector words =
        (IntVector)
            ShortVector.fromMemorySegment(I16, tiles, at, ORDER)
                .convertShape(VectorOperators.S2I, I32, 0);
    return words.lanewise(VectorOperators.LSHL, Short.SIZE);
  }
}
