package org.concertina.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;

/**
 * What the interactions of all splits together look like.
 *
 * @param data what was read
 * @param userCounts interactions of every user, ascending
 * @param itemCounts interactions of every item, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
record DataStats(InteractionData data, long[] userCounts, long[] itemCounts) {
  private static final int[] PERCENTILES = {0, 10, 25, 50, 75, 90, 99, 100};
  static final int[] TOP_PERCENTS = {1, 5, 10, 20};

  /** Counts the pairs of the data, which stays its owner's and must outlive this. */
  static DataStats of(InteractionData data) {
    long[] users = new long[data.users()];
    long[] items = new long[data.items()];
    for (InteractionMatrix split : List.of(data.train(), data.validation(), data.test())) {
      for (int user = 0; user < users.length; user++) {
        users[user] += split.degree(user);
      }
      for (long position = 0; position < split.size(); position++) {
        items[split.itemAt(position)]++;
      }
    }
    Arrays.sort(users);
    Arrays.sort(items);
    return new DataStats(data, users, items);
  }

  long interactions() {
    return Arrays.stream(userCounts).sum();
  }

  double density() {
    return interactions() / ((double) userCounts.length * itemCounts.length);
  }

  /**
   * Gini coefficient of the items' counts: 0 if all items are equally popular, near 1 if one item
   * has everything.
   */
  double gini() {
    double weighted = 0;
    double sum = 0;
    for (int i = 0; i < itemCounts.length; i++) {
      weighted += (2.0 * (i + 1) - itemCounts.length - 1) * itemCounts[i];
      sum += itemCounts[i];
    }
    return sum == 0 ? 0 : weighted / (itemCounts.length * sum);
  }

  /** How many items are so many percent of them, rounded up. */
  static int topCount(int items, int percent) {
    return (int) Math.ceil(items * (percent / 100.0));
  }

  /** Share of the interactions that the most popular items have. */
  double topShare(int percent) {
    int top = topCount(itemCounts.length, percent);
    long sum = Arrays.stream(itemCounts, itemCounts.length - top, itemCounts.length).sum();
    return (double) sum / interactions();
  }

  /** The least count that so many percent of the counts do not exceed. */
  static long percentile(long[] ascending, int percent) {
    int rank = (int) Math.ceil(ascending.length * (percent / 100.0));
    return ascending[Math.max(0, rank - 1)];
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("users", userCounts.length);
    json.put("items", itemCounts.length);
    json.put("interactions", interactions());
    json.put("train", data.train().size());
    json.put("validation", data.validation().size());
    json.put("test", data.test().size());
    json.put("density", density());
    json.put("perUser", quantiles(userCounts));
    json.put("perItem", quantiles(itemCounts));
    json.put("gini", gini());
    Map<String, Object> shares = new LinkedHashMap<>();
    for (int percent : TOP_PERCENTS) {
      shares.put("top" + percent + "Percent", topShare(percent));
    }
    json.put("shareOfInteractions", shares);
    json.put("coldItems", data.report().coldItems());
    json.put("usersWithoutTraining", data.report().usersWithoutTraining());
    json.put("duplicatesDropped", data.report().duplicatesDropped());
    json.put("overlapsDropped", data.report().overlapsDropped());
    return json;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d users x %,d items, %,d interactions (%,d train, %,d validation, %,d test), density %.4f %%"
            .formatted(
                userCounts.length,
                itemCounts.length,
                interactions(),
                data.train().size(),
                data.validation().size(),
                data.test().size(),
                100 * density()));
    StringBuilder header = new StringBuilder("%-22s".formatted("percentile"));
    for (int percent : PERCENTILES) {
      header.append("%9s".formatted(percent == 0 ? "least" : percent == 100 ? "most" : percent));
    }
    lines.add(header.append("%9s".formatted("mean")).toString());
    lines.add(quantileLine("interactions of users", userCounts));
    lines.add(quantileLine("interactions of items", itemCounts));
    StringBuilder shares = new StringBuilder("interactions of the most popular");
    for (int percent : TOP_PERCENTS) {
      shares.append(
          "%s %d %%: %.1f %%".formatted(percent == 1 ? "" : ",", percent, 100 * topShare(percent)));
    }
    lines.add(shares.toString());
    lines.add("Gini coefficient of the items' interactions %.4f".formatted(gini()));
    lines.add(
        "cold items (in validation or test, not in train) %,d; users without training items %,d"
            .formatted(data.report().coldItems(), data.report().usersWithoutTraining()));
    return lines;
  }

  private static Map<String, Object> quantiles(long[] ascending) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (int percent : PERCENTILES) {
      json.put("p" + percent, percentile(ascending, percent));
    }
    json.put("mean", Arrays.stream(ascending).average().orElse(0));
    return json;
  }

  private static String quantileLine(String name, long[] ascending) {
    StringBuilder line = new StringBuilder("%-22s".formatted(name));
    for (int percent : PERCENTILES) {
      line.append("%,9d".formatted(percentile(ascending, percent)));
    }
    return line.append("%,9.1f".formatted(Arrays.stream(ascending).average().orElse(0))).toString();
  }
}
