package org.concertina.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.concertina.interaction.IdNames;
import org.concertina.interaction.InteractionData;

/**
 * Takes over the split of a data file: what is for validation or test there is so again, all else
 * is for training.
 */
final class StoredSplit {
  private final InteractionData stored;
  private final Ids ids;
  private final UserRows rows;

  private StoredSplit(InteractionData stored, Ids ids, UserRows rows) {
    this.stored = stored;
    this.ids = ids;
    this.rows = rows;
  }

  /** Reorders each row, which ascends by item, into its parts, and says where they end. */
  static Splitter.Ends apply(InteractionData stored, Ids ids, UserRows rows) {
    return new StoredSplit(stored, ids, rows).apply();
  }

  private Splitter.Ends apply() {
    int[] storedItems = new int[rows.items()];
    Arrays.setAll(storedItems, this::storedItem);
    long[] trainEnds = new long[rows.users()];
    long[] validationEnds = new long[rows.users()];
    int[] row = new int[rows.maxDegree()];
    int[] sorted = new int[row.length];
    byte[] parts = new byte[row.length];
    for (int user = 0; user < rows.users(); user++) {
      int degree = rows.copyItems(user, row);
      int storedUser = storedUser(user);
      int[] next = new int[4];
      for (int i = 0; i < degree; i++) {
        parts[i] = part(storedUser, storedItems[row[i]]);
        next[parts[i] + 1]++;
      }
      next[2] += next[1];
      trainEnds[user] = rows.begin(user) + next[1];
      validationEnds[user] = rows.begin(user) + next[2];
      for (int i = 0; i < degree; i++) {
        sorted[next[parts[i]]++] = row[i];
      }
      rows.putItems(rows.begin(user), sorted, degree);
    }
    return new Splitter.Ends(trainEnds, validationEnds);
  }

  private byte part(int user, int item) {
    if (user < 0 || item < 0) {
      return 0;
    }
    if (stored.validation().contains(user, item)) {
      return 1;
    }
    return (byte) (stored.test().contains(user, item) ? 2 : 0);
  }

  private int storedUser(int rank) {
    int index = ids.userOrder().indexOfRank()[rank];
    return stored.userIndex(id(ids.users(), index, stored.userNames().orElse(null)));
  }

  private int storedItem(int rank) {
    int index = ids.itemOrder().indexOfRank()[rank];
    return stored.itemIndex(id(ids.items(), index, stored.itemNames().orElse(null)));
  }

  /** External id in the stored data of what has this index here, -1 if it is unknown there. */
  private static long id(IdColumn column, int index, IdNames names) {
    if (names != null) {
      return names.id(column.text(index));
    }
    return column.names() == null
        ? column.number(index)
        : IdColumn.plainNumber(column.text(index).getBytes(StandardCharsets.UTF_8));
  }
}
