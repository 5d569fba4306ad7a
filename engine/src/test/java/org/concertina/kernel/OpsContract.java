package org.concertina.kernel;

/** Part of {@link VectorOpsConformanceTest}. */
public interface OpsContract {
  /** The operations under test. */
  VectorOps ops();
}
