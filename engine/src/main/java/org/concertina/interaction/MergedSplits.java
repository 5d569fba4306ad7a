package org.concertina.interaction;

import java.util.Arrays;
import org.concertina.memory.CappedArena;

/** Unions of splits over common ids. */
final class MergedSplits {
  private MergedSplits() {}

  /** The pairs of both matrices, which have none in common, in memory of {@code arena}. */
  static InteractionMatrix union(InteractionMatrix a, InteractionMatrix b, CappedArena arena) {
    RowWriter writer = new RowWriter(arena, a.users(), a.items(), a.size() + b.size());
    int[] rest = new int[b.maxDegree()];
    int[] row = new int[a.maxDegree() + rest.length];
    for (int user = 0; user < a.users(); user++) {
      int count = a.copyRow(user, row);
      int more = b.copyRow(user, rest);
      System.arraycopy(rest, 0, row, count, more);
      Arrays.sort(row, 0, count + more);
      writer.append(row, count + more);
    }
    return writer.finish();
  }

  /** What became of the report on the splits apart. */
  static ReadReport report(ReadReport apart, InteractionMatrix train, int[] popularity) {
    int usersWithoutTraining = 0;
    for (int user = 0; user < train.users(); user++) {
      usersWithoutTraining += train.degree(user) == 0 ? 1 : 0;
    }
    int coldItems = (int) Arrays.stream(popularity).filter(pairs -> pairs == 0).count();
    return new ReadReport(
        apart.users(),
        apart.items(),
        train.size(),
        0,
        apart.testInteractions(),
        apart.duplicatesDropped(),
        apart.overlapsDropped(),
        usersWithoutTraining,
        coldItems);
  }
}
