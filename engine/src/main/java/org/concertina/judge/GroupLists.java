package org.concertina.judge;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.memory.MemoryCap;

/**
 * The lists of every (group, choice), made when first needed and kept until the memory cap is
 * reached; then the least recently used go.
 *
 * <p>Not thread-safe. Owns the lists; they live until they make room for others, never while the
 * configuration that was asked for last needs them.
 */
final class GroupLists implements AutoCloseable {
  private record Key(int group, BlockChoice choice) {}

  private final GroupListBuilder builder;
  private final MemoryCap cap;
  private final int groups;
  private final int users;
  private final int k;
  private final LinkedHashMap<Key, GroupList> lists = new LinkedHashMap<>(64, 0.75f, true);
  private boolean keepsCounts = true;
  private int nextSlot;

  /** What {@link #expect} said and no list was made of yet. */
  private List<BlockChoice> expected = List.of();

  /** Null if all lists are complete. */
  private Floors floors;

  GroupLists(GroupListBuilder builder, MemoryCap cap, int groups, int users, int k) {
    this.builder = builder;
    this.cap = cap;
    this.groups = groups;
    this.users = users;
    this.k = k;
  }

  /** {@link Judge#expect}. */
  void expect(List<BlockChoice> choices) {
    if (!lists.isEmpty()) {
      throw new IllegalStateException("judge: expects nothing any more, lists have been made");
    }
    expected = List.copyOf(choices);
  }

  boolean has(int group, BlockChoice choice) {
    return lists.containsKey(new Key(group, choice));
  }

  /** The lists of the groups that are not dropped, in the order of their rows. */
  GroupList[] of(ElasticConfig config) {
    if (config.groups() != groups) {
      throw new IllegalArgumentException(
          "config: expected %d groups, got %d".formatted(groups, config.groups()));
    }
    lowerFloors(config);
    return IntStream.range(0, config.groups())
        .filter(g -> !config.choice(g).isDropped())
        .mapToObj(g -> list(new Key(g, config.choice(g)), config))
        .toArray(GroupList[]::new);
  }

  /** Makes the floors hold for a configuration; what was made above higher ones goes. */
  private void lowerFloors(ElasticConfig config) {
    if (!expected.isEmpty()) {
      floors = new Floors(users);
      expected.forEach(choice -> floors.lowerTo(list(new Key(0, choice), config)));
      expected = List.of();
    }
    if (floors == null) {
      return;
    }
    BlockChoice popular = config.choice(0);
    GroupList complete = popular.isDropped() ? null : list(new Key(0, popular), config);
    if (complete != null && floors.areReachedBy(popular, complete)) {
      return;
    }
    if (complete == null) {
      floors = null;
    } else {
      floors.lowerTo(complete);
    }
    lists
        .entrySet()
        .removeIf(
            entry -> {
              boolean wasCut = entry.getKey().group != 0;
              if (wasCut) {
                entry.getValue().close();
              }
              return wasCut;
            });
  }

  private GroupList list(Key key, ElasticConfig config) {
    GroupList list = lists.get(key);
    if (list == null) {
      makeRoom(config);
      list = new GroupList(cap, users, k, nextSlot++);
      builder.fill(list, key.group, key.choice, key.group == 0 ? null : floors);
      lists.put(key, list);
    }
    return list;
  }

  /**
   * Drops the counts for good, since lists are dearer, then the lists that were used longest ago,
   * but none that {@code config} needs.
   */
  private void makeRoom(ElasticConfig config) {
    long wanted = GroupList.bytes(users, k);
    if (cap.limitBytes() - cap.usedBytes() < wanted && keepsCounts) {
      dropCounts();
    }
    Iterator<Map.Entry<Key, GroupList>> oldest = lists.entrySet().iterator();
    while (cap.limitBytes() - cap.usedBytes() < wanted && oldest.hasNext()) {
      Map.Entry<Key, GroupList> entry = oldest.next();
      Key key = entry.getKey();
      if (!config.choice(key.group).equals(key.choice)) {
        entry.getValue().close();
        oldest.remove();
      }
    }
  }

  /** Makes room for the counts of every pair; false if they are not kept. */
  boolean reserveCounts(GroupList[] chosen) {
    for (int g = 0; g < chosen.length && keepsCounts; g++) {
      for (int other = 0; other < chosen.length && keepsCounts; other++) {
        keepsCounts = other == g || chosen[g].counts().reserve(chosen[other].slot());
      }
    }
    if (!keepsCounts) {
      dropCounts();
    }
    return keepsCounts;
  }

  /** Ranks are looked up in the lists from now on. */
  void dropCounts() {
    keepsCounts = false;
    lists.values().forEach(GroupList::dropCounts);
  }

  @Override
  public void close() {
    lists.values().forEach(GroupList::close);
    lists.clear();
  }
}
