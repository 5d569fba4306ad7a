package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;

/** A device of its own JVM: serves an artifact under a cap that leaves no byte over. */
final class SmallDevice {
  private static final int REQUESTS = 300;
  private static final int K = 10;

  private SmallDevice() {}

  /**
   * Prints a hash of all answers, then the most off-heap bytes that were taken, then the limit.
   *
   * @param args the artifact
   */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    MemoryCap cap = exactCap(file);
    int answers = answers(file, cap);
    System.out.printf("%d %d %d%n", answers, cap.peakBytes(), cap.limitBytes());
  }

  /** The artifact and one recommender. */
  private static MemoryCap exactCap(Path file) throws Exception {
    try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited())) {
      return MemoryCap.ofBytes(Files.size(file) + runtime.recommenderBytes());
    }
  }

  static int answers(Path file, MemoryCap cap) throws Exception {
    int hash = 0;
    try (DeviceRuntime runtime = DeviceRuntime.open(file, cap)) {
      runtime.warmUp();
      try (Recommender recommender = runtime.newRecommender()) {
        if (cap.limitBytes() != Long.MAX_VALUE) {
          refuseAnother(runtime);
        }
        SplittableRandom random = new SplittableRandom(5);
        int[] rows = new int[K];
        float[] scores = new float[K];
        float[] user = new float[runtime.info().config().shape().dim()];
        MemorySegment vector = MemorySegment.ofArray(user);
        for (int request = 0; request < REQUESTS; request++) {
          user[random.nextInt(user.length)] = (float) random.nextDouble(-1, 1);
          recommender.recommend(vector, 0, K, null, rows, scores);
          hash = 31 * hash + Arrays.hashCode(rows);
          recommender.recommendFromHistory(rows, 3, K, null, rows, scores);
          hash = 31 * hash + Arrays.hashCode(rows);
        }
      }
    }
    return hash;
  }

  private static void refuseAnother(DeviceRuntime runtime) {
    try {
      runtime.newRecommender().close();
    } catch (MemoryCapExceededException full) {
      return;
    }
    throw new AssertionError("the cap had room for another recommender");
  }
}
