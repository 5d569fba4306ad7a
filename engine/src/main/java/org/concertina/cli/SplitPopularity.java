package org.concertina.cli;

import static org.concertina.cli.DataStats.TOP_PERCENTS;

import java.util.LinkedHashMap;
import java.util.Map;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;

/**
 * How popular the items of a split are in training: the share of a user's items in the split that
 * are among the most popular so many percent of all items by training interactions, mean over the
 * users who have any. Splits that were drawn alike have shares alike; where they differ, what is
 * chosen on one need not be best on the other.
 *
 * @param users who have items in the split
 * @param shares for every percentage of {@link DataStats#TOP_PERCENTS}; NaN without users
 */
@SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
record SplitPopularity(int users, double[] shares) {
  /**
   * Of a split whose items are indexed by their popularity rank, as {@link InteractionData} does.
   */
  static SplitPopularity of(InteractionMatrix split) {
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
          boolean popular =
              split.itemAt(position) < DataStats.topCount(split.items(), TOP_PERCENTS[top]);
          sums[top] += popular ? 1.0 / degree : 0;
        }
      }
    }
    for (int top = 0; top < sums.length; top++) {
      sums[top] = users == 0 ? Double.NaN : sums[top] / users;
    }
    return new SplitPopularity(users, sums);
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
