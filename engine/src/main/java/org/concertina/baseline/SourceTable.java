package org.concertina.baseline;

import org.concertina.artifact.IdCodec;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.RowOrder;
import org.concertina.memory.FloatTable;

/**
 * The table that is compressed. Borrows its rows.
 *
 * @param rows one row of unit length an item, most popular item first
 * @param otherBytes what a device needs besides the rows: header, ids, priors
 */
public record SourceTable(FloatTable rows, long otherBytes) {
  /** Validates. */
  public SourceTable {
    if (rows.rows() < 1 || rows.rows() > Integer.MAX_VALUE || otherBytes < 0) {
      throw new IllegalArgumentException(
          "table: expected 1 to 2^31 - 1 rows and otherBytes >= 0, got %d and %d"
              .formatted(rows.rows(), otherBytes));
    }
  }

  /**
   * With what an artifact of one group needs besides its rows.
   *
   * @param rows of unit length
   * @param itemIds external ids that are stored too, or null
   * @param priorBytes of the items' priors, as an artifact keeps them; 0 for none
   */
  public static SourceTable of(FloatTable rows, int[] itemIds, long priorBytes) {
    Groups one = Groups.equalCount(Math.toIntExact(rows.rows()), 1);
    long ids = itemIds == null ? 0 : IdCodec.encodedBytes(RowOrder.byId(one, itemIds), itemIds);
    ArtifactLayout layout = new ArtifactLayout(one, new BlockShape(1, rows.dim()), ids);
    return new SourceTable(rows, layout.rowsOffsetBytes() + priorBytes + ArtifactLayout.align(ids));
  }

  /** Number of items. */
  public int items() {
    return (int) rows.rows();
  }

  /** Floats of a row. */
  public int dim() {
    return rows.dim();
  }
}
