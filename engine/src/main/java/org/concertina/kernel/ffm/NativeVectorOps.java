package org.concertina.kernel.ffm;

import org.concertina.kernel.VectorOps;
import org.concertina.kernel.ffm.NativeLibrary.Absent;
import org.concertina.kernel.ffm.NativeLibrary.Loaded;

/**
 * {@link VectorOps} with native kernels for what they were measured to do faster than the Vector
 * API by 1.15x and more, and another provider for the rest.
 */
public final class NativeVectorOps {
  private NativeVectorOps() {}

  /**
   * Takes the native kernels of this processor's tier.
   *
   * @param rest does what no native kernel does
   * @throws IllegalStateException if there are none; {@link #status} has the reason
   */
  public static VectorOps create(VectorOps rest) {
    if (!(NativeKernels.library() instanceof Loaded loaded)) {
      throw new IllegalStateException(status());
    }
    return new VectorOps(
        "native-" + loaded.tier().shortName(),
        rest.vectorBits(),
        rest.rows(),
        rest.optimizers(),
        NativeMatmulOps.pays(rest.vectorBits()) ? new NativeMatmulOps() : rest.matmul(),
        NativeSparseOps.available() ? new NativeSparseOps(rest.sparse()) : rest.sparse(),
        NativeTileOps.available() ? new NativeTileOps(rest.tiles()) : rest.tiles(),
        NativeScreenOps.available() ? new NativeScreenOps() : rest.screen(),
        rest.scan(),
        NativeBprOps.available() ? new NativeBprOps() : rest.bpr());
  }

  /** Whether the native library is there and this processor runs it. */
  public static boolean available() {
    return NativeKernels.library() instanceof Loaded;
  }

  /** Whether there is a native library, or was to be one, that cannot be used. */
  public static boolean broken() {
    return NativeKernels.library() instanceof Absent absent && absent.broken();
  }

  /** One line for logs: the library's path and tier, or why there is none. */
  public static String status() {
    return switch (NativeKernels.library()) {
      case Loaded loaded -> "native kernels " + loaded.tier() + " from " + loaded.path();
      case Absent absent -> "no native kernels: " + absent.reason();
    };
  }
}
