package org.concertina.jmh;

import org.concertina.kernel.VectorOps;
import org.concertina.kernel.ffm.NativeVectorOps;
import org.concertina.kernel.panama.PanamaVectorOps;
import org.concertina.kernel.scalar.ScalarVectorOps;

/** The providers that benchmarks compare in one run. */
public final class Providers {
  private Providers() {}

  /**
   * A provider by name.
   *
   * @param name {@code scalar}, {@code panama} or {@code native}
   * @throws IllegalStateException if it cannot run here
   */
  public static VectorOps of(String name) {
    return switch (name) {
      case "scalar" -> ScalarVectorOps.create();
      case "panama" -> PanamaVectorOps.create();
      case "native" -> NativeVectorOps.create(PanamaVectorOps.create());
      default ->
          throw new IllegalArgumentException(
              "provider: expected scalar, panama or native, got " + name);
    };
  }
}
