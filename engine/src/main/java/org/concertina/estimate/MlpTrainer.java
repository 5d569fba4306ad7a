package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.concertina.kernel.CounterRandom;
import org.concertina.memory.CappedArena;

/** Trains one network on standardised targets until its validation part gets no better. */
final class MlpTrainer implements AutoCloseable {
  private final CappedArena scratch;
  private final Mlp mlp;
  private final EstimatorConfig config;
  private final int[][] active;
  private final float[] targets;
  private final long key;
  private final MlpGradient pass;
  private final MemorySegment batch;
  private final MemorySegment best;

  /**
   * @param active indices of the inputs that are one, for every label
   * @param targets standardised
   */
  MlpTrainer(Mlp mlp, EstimatorConfig config, int[][] active, float[] targets, long key) {
    this.scratch = CappedArena.unlimited();
    this.mlp = mlp;
    this.config = config;
    this.active = active;
    this.targets = targets;
    this.key = key;
    this.pass = new MlpGradient(scratch, mlp, EstimatorConfig.BATCH, config.pairWeight());
    this.batch =
        scratch.allocateFloats((long) EstimatorConfig.BATCH * mlp.inputs(), "estimator: batch");
    this.best = scratch.allocateFloats(mlp.parameters(), "estimator: best weights");
  }

  void train() {
    int[] order = new int[targets.length];
    Arrays.setAll(order, i -> i);
    new Draws(CounterRandom.key(key, 0)).shuffleInPlace(order);
    int held = (int) (targets.length * EstimatorConfig.VALIDATION_SHARE);
    int[] validation = Arrays.copyOf(order, held);
    int[] training = Arrays.copyOfRange(order, held, order.length);
    double bestLoss = Double.POSITIVE_INFINITY;
    int bestEpoch = 0;
    for (int epoch = 1;
        epoch <= config.epochs() && epoch - bestEpoch <= config.patience();
        epoch++) {
      double rate = config.learningRate() * (1 - (epoch - 1.0) / config.epochs());
      new Draws(CounterRandom.key(key, epoch)).shuffleInPlace(training);
      double loss = epoch(training, rate);
      if (held > 0) {
        loss = squaredError(validation);
      }
      if (loss < bestLoss) {
        bestLoss = loss;
        bestEpoch = epoch;
        best.copyFrom(mlp.weights());
      }
    }
    if (bestEpoch > 0) {
      mlp.weights().copyFrom(best);
    }
  }

  private double epoch(int[] training, double rate) {
    double loss = 0;
    for (int first = 0; first < training.length; first += EstimatorConfig.BATCH) {
      int rows = Math.min(EstimatorConfig.BATCH, training.length - first);
      gather(training, first, rows);
      float[] wanted = new float[rows];
      for (int r = 0; r < rows; r++) {
        wanted[r] = targets[training[first + r]];
      }
      loss += pass.backward(batch, wanted, rows);
      pass.step(rate, config.l2());
    }
    return loss;
  }

  private double squaredError(int[] labels) {
    double sum = 0;
    for (int first = 0; first < labels.length; first += EstimatorConfig.BATCH) {
      int rows = Math.min(EstimatorConfig.BATCH, labels.length - first);
      gather(labels, first, rows);
      pass.forward(batch, rows);
      for (int r = 0; r < rows; r++) {
        double error = (double) pass.output(r) - targets[labels[first + r]];
        sum += error * error;
      }
    }
    return sum;
  }

  private void gather(int[] labels, int first, int rows) {
    batch.fill((byte) 0);
    for (int r = 0; r < rows; r++) {
      for (int index : active[labels[first + r]]) {
        batch.setAtIndex(ValueLayout.JAVA_FLOAT, (long) r * mlp.inputs() + index, 1f);
      }
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
