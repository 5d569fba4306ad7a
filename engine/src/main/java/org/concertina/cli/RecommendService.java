package org.concertina.cli;

import java.util.ArrayList;
import java.util.List;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.memory.FloatTable;
import org.concertina.serve.DeviceRuntime;
import org.concertina.serve.Recommender;
import org.concertina.serve.RowFilter;
import org.concertina.train.TrainedModel;

/** Asks one artifact for recommendations, in external item ids. */
final class RecommendService implements AutoCloseable {
  private final DeviceRuntime runtime;
  private final Recommender recommender;
  private final RowFilter filter;

  RecommendService(DeviceRuntime runtime) {
    this.runtime = runtime;
    this.recommender = runtime.newRecommender();
    this.filter = runtime.newRowFilter();
  }

  /**
   * A recommended item.
   *
   * @param rank from 1
   * @param item external id
   * @param score cosine, plus the item's prior if the artifact has priors
   */
  record Recommendation(int rank, int item, float score) {}

  /** Leaves an item out; false if the artifact does not know it, or dropped its group. */
  boolean exclude(long item) {
    int row = runtime.rowOfItemId(item);
    if (row >= 0) {
      filter.exclude(row);
    }
    return row >= 0;
  }

  /** Leaves out what a user has in the data's training and validation splits. */
  void excludeSeen(InteractionData data, int user) {
    for (InteractionMatrix matrix : List.of(data.train(), data.validation())) {
      for (long p = matrix.begin(user), end = matrix.end(user); p < end; p++) {
        exclude(data.itemId(matrix.itemAt(p)));
      }
    }
  }

  /** To a user of the model. */
  List<Recommendation> forUser(TrainedModel model, int user, int k) {
    FloatTable users = model.embeddings().users();
    int[] rows = new int[Math.min(k, filter.rows())];
    float[] scores = new float[rows.length];
    int size =
        recommender.recommend(users.segment(), users.rowOffsetBytes(user), k, filter, rows, scores);
    return named(rows, scores, size);
  }

  /** To a user whose vector the artifact holds. */
  List<Recommendation> forStoredUser(int userRow, int k) {
    int[] rows = new int[Math.min(k, filter.rows())];
    float[] scores = new float[rows.length];
    int size = recommender.recommendUser(userRow, k, filter, rows, scores);
    return named(rows, scores, size);
  }

  /** Rows of items, -1 for those that the artifact does not know. */
  int[] rowsOf(long[] items) {
    int[] rows = new int[items.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = runtime.rowOfItemId(items[i]);
    }
    return rows;
  }

  /** To whoever has this history, whose items are left out. */
  List<Recommendation> forHistory(int[] historyRows, int k) {
    int[] rows = new int[Math.min(k, filter.rows())];
    float[] scores = new float[rows.length];
    int size =
        recommender.recommendFromHistory(historyRows, historyRows.length, k, filter, rows, scores);
    return named(rows, scores, size);
  }

  private List<Recommendation> named(int[] rows, float[] scores, int size) {
    List<Recommendation> recommendations = new ArrayList<>(size);
    for (int rank = 0; rank < size; rank++) {
      recommendations.add(
          new Recommendation(rank + 1, runtime.itemIdAtRow(rows[rank]), scores[rank]));
    }
    return recommendations;
  }

  @Override
  public void close() {
    recommender.close();
    filter.close();
  }
}
