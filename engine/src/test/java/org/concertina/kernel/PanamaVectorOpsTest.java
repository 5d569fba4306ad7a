package org.concertina.kernel;

/** The provider of this JVM: Panama, unless {@code -Dconcertina.provider} says otherwise. */
class PanamaVectorOpsTest extends VectorOpsConformanceTest {
  @Override
  public VectorOps ops() {
    return VectorOpsProvider.get();
  }
}
