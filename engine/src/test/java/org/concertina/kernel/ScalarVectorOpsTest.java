package org.concertina.kernel;

import org.concertina.kernel.scalar.ScalarVectorOps;

class ScalarVectorOpsTest extends VectorOpsConformanceTest {
  @Override
  public VectorOps ops() {
    return ScalarVectorOps.create();
  }
}
