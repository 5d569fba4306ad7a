package org.concertina.kernel.panama;

import org.concertina.kernel.IntegerScreen;
import org.concertina.kernel.VectorOps;

/** {@link VectorOps} in the JDK Vector API. */
public final class PanamaVectorOps {
  private PanamaVectorOps() {}

  /** Loads the kernels; throws a {@link LinkageError} if the incubator module is absent. */
  public static VectorOps create() {
    if (PanamaSpecies.LANES < 4) {
      throw new IllegalStateException("the CPU has no vectors: " + PanamaSpecies.F32);
    }
    int vectorBits = PanamaSpecies.F32.vectorBitSize();
    return new VectorOps(
        "panama-" + vectorBits,
        vectorBits,
        new PanamaRowOps(),
        new PanamaOptimizerOps(),
        new PanamaMatmulOps(),
        new PanamaSparseOps(),
        new PanamaTileOps(),
        new IntegerScreen(),
        new PanamaScanOps(),
        new PanamaBprOps());
  }
}
