package org.concertina.kernel.scalar;

import org.concertina.kernel.IntegerScreen;
import org.concertina.kernel.VectorOps;

/** {@link VectorOps} in plain Java: the definition of what each operation means. */
public final class ScalarVectorOps {
  private ScalarVectorOps() {}

  /** All operations in plain Java. */
  public static VectorOps create() {
    return new VectorOps(
        "scalar",
        Float.SIZE,
        new ScalarRowOps(),
        new ScalarOptimizerOps(),
        new ScalarMatmulOps(),
        new ScalarSparseOps(),
        new ScalarTileOps(),
        new IntegerScreen(),
        new ScalarScanOps(),
        new ScalarBprOps());
  }
}
