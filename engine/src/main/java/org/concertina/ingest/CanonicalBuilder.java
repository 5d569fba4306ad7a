package org.concertina.ingest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import org.concertina.interaction.CanonicalData;
import org.concertina.interaction.IdNames;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.memory.CappedArena;

/** Makes a data set of split rows: whoever and whatever has no interaction left is left out. */
final class CanonicalBuilder {
  private static final int GONE = -1;

  private final UserRows rows;
  private final Splitter.Ends ends;
  private final CappedArena arena;
  private final int[] activeUsers;
  private final int[] activeItems;
  private final int[] itemOfRank;

  private CanonicalBuilder(UserRows rows, Splitter.Ends ends, CappedArena arena) {
    this.rows = rows;
    this.ends = ends;
    this.arena = arena;
    this.activeUsers = activeUsers(rows);
    this.itemOfRank = new int[rows.items()];
    this.activeItems = activeItems();
  }

  /**
   * Builds the data.
   *
   * @param withValidation whether there is a validation split, be it empty
   * @param withTest whether there is a test split
   * @param arena owner of the matrices and names
   */
  static CanonicalData build(
      UserRows rows,
      Splitter.Ends ends,
      Ids ids,
      boolean withValidation,
      boolean withTest,
      long duplicates,
      long overlaps,
      CappedArena arena) {
    CanonicalBuilder builder = new CanonicalBuilder(rows, ends, arena);
    int[] userIds = numbers(ids.users(), ids.userOrder(), builder.activeUsers);
    int[] itemIds = numbers(ids.items(), ids.itemOrder(), builder.activeItems);
    Optional<IdNames> userNames = names(ids.users(), ids.userOrder(), builder.activeUsers, arena);
    Optional<IdNames> itemNames = names(ids.items(), ids.itemOrder(), builder.activeItems, arena);
    InteractionMatrix train = builder.matrix(0);
    Optional<InteractionMatrix> validation =
        withValidation ? Optional.of(builder.matrix(1)) : Optional.empty();
    Optional<InteractionMatrix> test = withTest ? Optional.of(builder.matrix(2)) : Optional.empty();
    long hash = CanonicalData.hash(userIds, itemIds, userNames, itemNames, train, validation, test);
    return new CanonicalData(
        userIds,
        itemIds,
        userNames,
        itemNames,
        train,
        validation,
        test,
        hash,
        duplicates,
        overlaps);
  }

  private static int[] activeUsers(UserRows rows) {
    int[] active = new int[rows.users()];
    int count = 0;
    for (int user = 0; user < active.length; user++) {
      if (rows.degree(user) > 0) {
        active[count++] = user;
      }
    }
    return Arrays.copyOf(active, count);
  }

  private int[] activeItems() {
    Arrays.fill(itemOfRank, GONE);
    for (long at = 0; at < rows.size(); at++) {
      itemOfRank[rows.item(at)] = 0;
    }
    int[] active = new int[itemOfRank.length];
    int count = 0;
    for (int rank = 0; rank < itemOfRank.length; rank++) {
      if (itemOfRank[rank] != GONE) {
        itemOfRank[rank] = count;
        active[count++] = rank;
      }
    }
    return Arrays.copyOf(active, count);
  }

  /** Numbers as they are; names are numbered in their order. */
  private static int[] numbers(IdColumn column, IdOrder order, int[] active) {
    int[] ids = new int[active.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = column.names() == null ? column.number(order.indexOfRank()[active[i]]) : i;
    }
    return ids;
  }

  private static Optional<IdNames> names(
      IdColumn column, IdOrder order, int[] active, CappedArena arena) {
    if (column.names() == null) {
      return Optional.empty();
    }
    MemorySegment offsets = arena.allocateLongs(active.length + 1L, "offsets of names");
    long end = 0;
    for (int i = 0; i < active.length; i++) {
      end += column.names().name(order.indexOfRank()[active[i]]).byteSize();
      offsets.setAtIndex(ValueLayout.JAVA_LONG, i + 1L, end);
    }
    MemorySegment bytes = arena.allocate(end, "names");
    for (int i = 0; i < active.length; i++) {
      MemorySegment name = column.names().name(order.indexOfRank()[active[i]]);
      long begin = offsets.getAtIndex(ValueLayout.JAVA_LONG, i);
      bytes.asSlice(begin, name.byteSize()).copyFrom(name);
    }
    return Optional.of(IdNames.view(offsets, bytes));
  }

  private long partBegin(int part, int user) {
    return switch (part) {
      case 0 -> rows.begin(user);
      case 1 -> ends.trainEnds()[user];
      default -> ends.validationEnds()[user];
    };
  }

  private long partEnd(int part, int user) {
    return part == 2 ? rows.end(user) : partBegin(part + 1, user);
  }

  private InteractionMatrix matrix(int part) {
    long size = 0;
    for (int user : activeUsers) {
      size += partEnd(part, user) - partBegin(part, user);
    }
    MemorySegment pointers = arena.allocateLongs(activeUsers.length + 1L, "row pointers");
    MemorySegment indices = arena.allocateInts(size, "item indices");
    long position = 0;
    for (int i = 0; i < activeUsers.length; i++) {
      int user = activeUsers[i];
      long end = partEnd(part, user);
      for (long at = partBegin(part, user); at < end; at++) {
        indices.setAtIndex(ValueLayout.JAVA_INT, position++, itemOfRank[rows.item(at)]);
      }
      pointers.setAtIndex(ValueLayout.JAVA_LONG, i + 1L, position);
    }
    return InteractionMatrix.view(activeItems.length, pointers, indices);
  }
}
