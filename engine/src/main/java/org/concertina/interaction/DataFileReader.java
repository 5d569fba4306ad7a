package org.concertina.interaction;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.concertina.interaction.DataFileFormat.Section;
import org.concertina.interaction.InteractionData.IdMaps;
import org.concertina.interaction.InteractionData.Splits;
import org.concertina.memory.CappedArena;

/** Makes interaction data of a data file. */
final class DataFileReader {
  private final DataFileSections file;

  private DataFileReader(DataFileSections file) {
    this.file = file;
  }

  /** Opens the file; its pairs stay in it if it has a validation split. */
  static InteractionData read(Path path, ReadOptions options) throws IOException {
    CappedArena arena = new CappedArena(options.cap());
    boolean made = false;
    try {
      DataFileReader reader = new DataFileReader(DataFileSections.open(path, arena));
      if (reader.file.has(Section.VALIDATION_ROWS) || options.validationShare() == 0) {
        InteractionData data = reader.inPlace(arena);
        made = true;
        return data;
      }
      return reader.withHoldOut(options);
    } finally {
      if (!made) {
        arena.close();
      }
    }
  }

  private InteractionData inPlace(CappedArena arena) throws IOException {
    int[] userIds = ids(Section.USER_IDS);
    int[] itemIds = ids(Section.ITEM_IDS);
    SortedItems sorted = SortedItems.of(itemIds);
    Splits splits =
        new Splits(
            matrix(Section.TRAIN_ROWS, Section.TRAIN_ITEMS),
            optional(Section.VALIDATION_ROWS, Section.VALIDATION_ITEMS)
                .orElseGet(() -> new RowWriter(arena, userIds.length, itemIds.length, 0).finish()),
            optional(Section.TEST_ROWS, Section.TEST_ITEMS)
                .orElseGet(() -> new RowWriter(arena, userIds.length, itemIds.length, 0).finish()));
    InteractionMatrix byItem = byItem(splits.train());
    int[] popularity = new int[itemIds.length];
    int coldItems = 0;
    for (int item = 0; item < popularity.length; item++) {
      popularity[item] = byItem.degree(item);
      coldItems += popularity[item] == 0 ? 1 : 0;
      if (item > 0 && popularity[item] > popularity[item - 1]) {
        throw file.damaged("item " + item + " is more popular than the item before it");
      }
    }
    return new InteractionData(
        arena,
        splits,
        byItem,
        new IdMaps(userIds, itemIds, sorted.ids(), sorted.index()),
        names(),
        popularity,
        file.dataHash(),
        InteractionReader.report(canonical(userIds, sorted, splits.train()), splits, coldItems));
  }

  private InteractionData withHoldOut(ReadOptions options) throws IOException {
    try (CappedArena scratch = new CappedArena(options.cap())) {
      SortedItems sorted = SortedItems.of(ids(Section.ITEM_IDS));
      InteractionMatrix train = matrix(Section.TRAIN_ROWS, Section.TRAIN_ITEMS);
      byItem(train);
      CanonicalData canonical =
          canonical(
              ids(Section.USER_IDS), sorted, Reordered.of(train, sorted.positions(), scratch));
      return InteractionReader.fromCanonical(
          canonical.withTest(
              optional(Section.TEST_ROWS, Section.TEST_ITEMS)
                  .map(test -> Reordered.of(test, sorted.positions(), scratch))),
          options,
          scratch);
    }
  }

  private CanonicalData canonical(int[] userIds, SortedItems sorted, InteractionMatrix train)
      throws IOException {
    Names names = names();
    return new CanonicalData(
        userIds,
        sorted.ids(),
        names.users(),
        names.items(),
        train,
        Optional.empty(),
        Optional.empty(),
        file.dataHash(),
        file.duplicatesDropped(),
        file.overlapsDropped());
  }

  /** Item ids in ascending order, and the item index of each. */
  @SuppressWarnings("ArrayRecordComponent") // private carrier, never compared
  private record SortedItems(int[] ids, int[] index) {
    static SortedItems of(int[] itemIds) {
      long[] order = new long[itemIds.length];
      for (int item = 0; item < order.length; item++) {
        order[item] = ((long) itemIds[item] << Integer.SIZE) | item;
      }
      Arrays.sort(order);
      int[] ids = new int[order.length];
      int[] index = new int[order.length];
      for (int i = 0; i < order.length; i++) {
        ids[i] = (int) (order[i] >>> Integer.SIZE);
        index[i] = (int) order[i];
      }
      return new SortedItems(ids, index);
    }

    /** Position among the ascending ids, by item index. */
    int[] positions() {
      int[] positions = new int[index.length];
      for (int i = 0; i < index.length; i++) {
        positions[index[i]] = i;
      }
      return positions;
    }
  }

  private int[] ids(Section section) throws IOException {
    int[] ids = file.section(section).toArray(ValueLayout.JAVA_INT);
    int[] ascending = ids;
    if (section == Section.ITEM_IDS) {
      ascending = ids.clone();
      Arrays.sort(ascending);
    }
    for (int i = 0; i < ascending.length; i++) {
      if (ascending[i] < 0
          || ascending[i] > SplitParser.MAX_ID
          || (i > 0 && ascending[i] <= ascending[i - 1])) {
        throw file.damaged("the " + section.title + " do not ascend or repeat");
      }
    }
    return ids;
  }

  private Optional<InteractionMatrix> optional(Section rows, Section items) throws IOException {
    return file.has(rows) ? Optional.of(matrix(rows, items)) : Optional.empty();
  }

  private InteractionMatrix matrix(Section rows, Section columns) throws IOException {
    InteractionMatrix matrix = file.matrix(rows, columns, file.users(), file.items());
    if (matrix.size() != file.pairs(rows)) {
      throw file.damaged("section " + columns.title + " has not as many pairs as the header says");
    }
    return matrix;
  }

  private InteractionMatrix byItem(InteractionMatrix train) throws IOException {
    InteractionMatrix byItem =
        file.matrix(Section.TRAIN_COLUMNS, Section.TRAIN_USERS, file.items(), file.users());
    if (byItem.size() != train.size()) {
      throw file.damaged("train by item has another number of pairs than train");
    }
    return byItem;
  }

  private Names names() throws IOException {
    return new Names(
        names(Section.USER_NAME_OFFSETS, Section.USER_NAMES, file.users()),
        names(Section.ITEM_NAME_OFFSETS, Section.ITEM_NAMES, file.items()));
  }

  private Optional<IdNames> names(Section offsets, Section bytes, int count) throws IOException {
    if (!file.has(offsets)) {
      return Optional.empty();
    }
    MemorySegment begins = file.section(offsets);
    MemorySegment text = file.section(bytes);
    if (begins.byteSize() != (count + 1L) * Long.BYTES) {
      throw file.damaged("section " + offsets.title + " has the wrong size");
    }
    long before = 0;
    for (long i = 0; i <= count; i++) {
      long begin = begins.getAtIndex(ValueLayout.JAVA_LONG, i);
      if (begin < before || (i == 0 && begin != 0) || (i == count && begin != text.byteSize())) {
        throw file.damaged("section " + offsets.title + ", name " + i + ": bad offset " + begin);
      }
      before = begin;
    }
    return Optional.of(IdNames.view(begins, text));
  }
}
