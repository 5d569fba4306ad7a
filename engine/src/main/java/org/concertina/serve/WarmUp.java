package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Runs requests until the JIT has had its chance to compile them. */
final class WarmUp {
  private static final long MOST_NANOS = 1_000_000_000L;
  private static final int MOST_REQUESTS = 20_000;
  private static final int LEAST_REQUESTS = 20;

  private final Recommender recommender;
  private final int items;
  private final int dim;
  private final int users;

  /** Of an artifact that holds so many users' vectors. */
  WarmUp(Recommender recommender, ServingPlan plan, int users) {
    this.recommender = recommender;
    this.items = plan.items;
    this.dim = plan.shape.dim();
    this.users = users;
  }

  void run() {
    int k = Math.min(20, items);
    int[] rows = new int[k];
    float[] scores = new float[k];
    int[] history = new int[Math.min(16, items)];
    MemorySegment user = MemorySegment.ofArray(new float[dim]);
    for (int i = 0; i < dim; i++) {
      user.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i & 1) == 0 ? 1f : -1f);
    }
    long start = System.nanoTime();
    for (int request = 0; request < MOST_REQUESTS; request++) {
      if (request >= LEAST_REQUESTS && System.nanoTime() - start > MOST_NANOS) {
        break;
      }
      recommender.recommend(user, 0, k, null, rows, scores);
      if (users > 0) {
        recommender.recommendUser(request % users, k, null, rows, scores);
      }
      for (int i = 0; i < history.length; i++) {
        history[i] = (int) ((request * 31L + i * 101L) % items);
      }
      recommender.recommendFromHistory(history, history.length, k, null, rows, scores);
    }
  }
}
