package org.concertina.kernel;

/** Part of {@link VectorOpsConformanceTest}. */
interface OpsContract {
  /** The operations under test. */
  VectorOps ops();
}
