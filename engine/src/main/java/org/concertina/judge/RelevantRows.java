package org.concertina.judge;

import java.util.Arrays;
import java.util.List;
import org.concertina.block.Groups;
import org.concertina.block.RowOrder;
import org.concertina.interaction.InteractionMatrix;

/**
 * The relevant items of all judged users that are not left out, group by group: pairs of a judged
 * user and a row of the group. Immutable.
 */
final class RelevantRows {
  private final int[][] users;
  private final int[][] rows;
  private final int[][] distinct;

  RelevantRows(
      RowOrder order, InteractionMatrix relevant, List<InteractionMatrix> excluded, int[] judged) {
    Groups groups = order.groups();
    users = new int[groups.count()][4];
    rows = new int[groups.count()][4];
    int[] counts = new int[groups.count()];
    for (int ordinal = 0; ordinal < judged.length; ordinal++) {
      int user = judged[ordinal];
      for (long p = relevant.begin(user); p < relevant.end(user); p++) {
        int item = relevant.itemAt(p);
        if (excluded.stream().noneMatch(matrix -> matrix.contains(user, item))) {
          int group = groups.groupOf(item);
          int at = counts[group]++;
          if (at == users[group].length) {
            users[group] = Arrays.copyOf(users[group], 2 * at);
            rows[group] = Arrays.copyOf(rows[group], 2 * at);
          }
          users[group][at] = ordinal;
          rows[group][at] = order.rowOfItem(item) - groups.start(group);
        }
      }
    }
    distinct = new int[groups.count()][];
    for (int g = 0; g < counts.length; g++) {
      users[g] = Arrays.copyOf(users[g], counts[g]);
      rows[g] = Arrays.copyOf(rows[g], counts[g]);
      distinct[g] = Arrays.stream(rows[g]).sorted().distinct().toArray();
    }
  }

  /** Every row of a group's pairs once. */
  int[] distinct(int group) {
    return distinct[group];
  }

  /** How many pairs a group has. */
  int count(int group) {
    return users[group].length;
  }

  /** The judged user of a pair. */
  int user(int group, int pair) {
    return users[group][pair];
  }

  /** The row of a pair, counted from the first of its group. */
  int row(int group, int pair) {
    return rows[group][pair];
  }
}
