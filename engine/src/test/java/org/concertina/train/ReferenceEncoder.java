package org.concertina.train;

import org.concertina.interaction.InteractionMatrix;

/** The encoders written out in double, as in the papers. */
final class ReferenceEncoder {
  private final TrainConfig.Encoding encoding;
  private final InteractionMatrix train;
  private final int[] itemDegree;

  ReferenceEncoder(TrainConfig.Encoding encoding, InteractionMatrix train) {
    this.encoding = encoding;
    this.train = train;
    this.itemDegree = new int[train.items()];
    for (long p = 0; p < train.size(); p++) {
      itemDegree[train.itemAt(p)]++;
    }
  }

  double[][] users(double[][] users, double[][] items) {
    return encoding.kind() == EncoderKind.GRAPH ? graph(users, items, true) : users;
  }

  double[][] items(double[][] users, double[][] items) {
    return encoding.kind() == EncoderKind.GRAPH ? graph(users, items, false) : items;
  }

  /** The user's vector for a pair: a history leaves the pair's own positive out. */
  double[] userOfPair(double[][] users, double[][] items, int user, int positive) {
    if (encoding.kind() != EncoderKind.HISTORY) {
      return users[user];
    }
    double[] sum = new double[items[0].length];
    for (long p = train.begin(user); p < train.end(user); p++) {
      double[] item = items[train.itemAt(p)];
      if (train.itemAt(p) != positive) {
        double norm = 0;
        for (double x : item) {
          norm += x * x;
        }
        for (int d = 0; d < sum.length; d++) {
          sum[d] += item[d] / Math.sqrt(norm) / Math.sqrt(train.degree(user) - 1.0);
        }
      }
    }
    return sum;
  }

  private double[][] graph(double[][] users, double[][] items, boolean wantUsers) {
    int layers = encoding.layers();
    boolean concat = encoding.combine() == GraphCombine.CONCAT;
    int n = items[0].length;
    double[][] u = users;
    double[][] i = items;
    double[][] out = new double[wantUsers ? users.length : items.length][];
    for (int row = 0; row < out.length; row++) {
      out[row] = new double[concat ? n * (layers + 1) : n];
    }
    for (int layer = 0; layer <= layers; layer++) {
      for (int row = 0; row < out.length; row++) {
        for (int d = 0; d < n; d++) {
          double value = (wantUsers ? u : i)[row][d];
          out[row][concat ? layer * n + d : d] += concat ? value : value / (layers + 1);
        }
      }
      double[][] nextUsers = new double[users.length][n];
      double[][] nextItems = new double[items.length][n];
      for (int user = 0; user < users.length; user++) {
        for (long p = train.begin(user); p < train.end(user); p++) {
          int item = train.itemAt(p);
          double weight = 1 / Math.sqrt((double) train.degree(user) * itemDegree[item]);
          for (int d = 0; d < n; d++) {
            nextUsers[user][d] += weight * i[item][d];
            nextItems[item][d] += weight * u[user][d];
          }
        }
      }
      u = nextUsers;
      i = nextItems;
    }
    return out;
  }
}
