package org.concertina.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;

/**
 * How popular the items of a split are in training: the share of a user's items in the split that
 * are among the most popular so many percent of all items by training interactions, mean over the
 * users who have any. Splits that were drawn alike have shares alike; where they differ, what is
 * chosen on one need not be best on the other.
 *
 * @param users who have items in the split
 * @param shares for every percentage of {@link #TOP_PERCENTS}; NaN without users
 */
@SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
record SplitPopularity(int users, double[] shares) {
  static final int[] TOP_PERCENTS = {1, 5, 10, 20};

  static SplitPopularity of(InteractionData data, InteractionMatrix split) {
    int[] percentOfItem = leastPercents(data.train());
    double[] sums = new double[TOP_PERCENTS.length];
    int users = 0;
    for (int user = 0; user < split.users(); user++) {
      int degree = split.degree(user);
      if (degree == 0) {
        continue;
      }
      users++;
      for (long position = split.begin(user); position < split.end(user); position++) {
        for (int top = 0; top < TOP_PERCENTS.length; top++) {
          boolean popular = percentOfItem[split.itemAt(position)] <= TOP_PERCENTS[top];
          sums[top] += popular ? 1.0 / degree : 0;
        }
      }
    }
    for (int top = 0; top < sums.length; top++) {
      sums[top] = users == 0 ? Double.NaN : sums[top] / users;
    }
    return new SplitPopularity(users, sums);
  }

  /** For every item the least percentage of {@link #TOP_PERCENTS} that has it, or 100. */
  private static int[] leastPercents(InteractionMatrix train) {
    int[] counts = train.popularity();
    int[] order =
        IntStream.range(0, counts.length)
            .boxed()
            .sorted((a, b) -> Integer.compare(counts[b], counts[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] percents = new int[counts.length];
    for (int rank = 0; rank < order.length; rank++) {
      int least = 100;
      for (int top = TOP_PERCENTS.length - 1; top >= 0; top--) {
        double end = Math.ceil(counts.length * (TOP_PERCENTS[top] / 100.0));
        least = rank < end ? TOP_PERCENTS[top] : least;
      }
      percents[order[rank]] = least;
    }
    return percents;
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("users", users);
    for (int top = 0; top < TOP_PERCENTS.length; top++) {
      json.put("top" + TOP_PERCENTS[top] + "Percent", users == 0 ? null : shares[top]);
    }
    return json;
  }

  String line(String split) {
    StringBuilder line =
        new StringBuilder("%s items among the most popular in training".formatted(split));
    for (int top = 0; top < TOP_PERCENTS.length; top++) {
      line.append(
          "%s %d %%: %.2f %%".formatted(top == 0 ? "" : ",", TOP_PERCENTS[top], 100 * shares[top]));
    }
    return line.toString();
  }
}
