package org.concertina.jmh;

import java.util.Collection;
import java.util.List;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.ffm.NativeVectorOps;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;

/** Says in every fork which kernels it runs; measures nothing. */
public final class ProviderProfiler implements InternalProfiler {
  private boolean said;

  @Override
  public String getDescription() {
    return "names the kernels of every fork";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    if (!said) {
      said = true;
      System.out.printf(
          "kernels: %s, %d bits; %s%n",
          VectorOpsProvider.get().name(),
          VectorOpsProvider.get().vectorBits(),
          NativeVectorOps.status());
    }
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    return List.of();
  }
}
