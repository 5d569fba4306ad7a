package org.concertina.judge;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
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
  /**
   * Whose list.
   *
   * @param complete whether what does not matter is in the list too
   */
  private record Key(int group, BlockChoice choice, boolean complete) {
    /** Of a group's list in a configuration; the most popular group has complete ones alone. */
    static Key of(ElasticConfig config, int group, boolean complete) {
      return new Key(group, config.choice(group), complete || group == 0);
    }
  }

  private final GroupListBuilder builder;
  private final MemoryCap cap;
  private final BlockShape shape;
  private final int groups;
  private final int users;
  private final LinkedHashMap<Key, GroupList> lists = new LinkedHashMap<>(64, 0.75f, true);
  private boolean keepsCounts = true;
  private int nextSlot;

  /** What {@link #expect} said; none if all lists are complete. */
  private List<BlockChoice> expected = List.of();

  private Floors floors;
  private boolean floorsAreFilled;

  GroupLists(GroupListBuilder builder, MemoryCap cap, BlockShape shape, int groups, int users) {
    this.builder = builder;
    this.cap = cap;
    this.shape = shape;
    this.groups = groups;
    this.users = users;
  }

  /** {@link Judge#expect}. */
  void expect(List<BlockChoice> choices, boolean monotone) {
    if (!lists.isEmpty()) {
      throw new IllegalStateException("judge: expects nothing any more, lists have been made");
    }
    expected = List.copyOf(choices);
    floors = expected.isEmpty() ? null : new Floors(shape, expected, monotone, users);
  }

  boolean has(int group, BlockChoice choice) {
    return lists.containsKey(new Key(group, choice, true))
        || lists.containsKey(new Key(group, choice, false));
  }

  /**
   * The lists of the groups that are not dropped, in the order of their rows: all that matters to a
   * verdict.
   */
  GroupList[] of(ElasticConfig config) {
    requireGroups(config);
    boolean cuts = floors != null && floors.cover(config);
    if (cuts && !floorsAreFilled) {
      fillFloors(config);
    }
    return of(config, !cuts);
  }

  /** As {@link #of}, with all top-K rows of every group. */
  GroupList[] complete(ElasticConfig config) {
    requireGroups(config);
    return of(config, true);
  }

  private void requireGroups(ElasticConfig config) {
    if (config.groups() != groups) {
      throw new IllegalArgumentException(
          "config: expected %d groups, got %d".formatted(groups, config.groups()));
    }
  }

  private GroupList[] of(ElasticConfig config, boolean complete) {
    return IntStream.range(0, groups)
        .filter(g -> !config.choice(g).isDropped())
        .mapToObj(g -> list(Key.of(config, g, complete), config, complete))
        .toArray(GroupList[]::new);
  }

  private void fillFloors(ElasticConfig config) {
    for (BlockChoice popular : expected) {
      floors.lowerTo(popular, list(new Key(0, popular, true), config, false));
    }
    for (int g = 1; g < groups; g++) {
      for (BlockChoice choice : expected) {
        builder.scoreRelevant(g, choice, floors);
      }
    }
    floors.finish();
    floorsAreFilled = true;
  }

  private GroupList list(Key key, ElasticConfig config, boolean complete) {
    GroupList list = lists.get(key);
    if (list == null) {
      float[] below = key.complete ? null : floors.of(key.choice);
      ListStage stage = builder.fill(key.group, key.choice, below, like(key));
      makeRoom(GroupList.bytes(stage), config, complete);
      list = new GroupList(cap, stage, nextSlot++);
      lists.put(key, list);
    }
    return list;
  }

  /** Of the complete lists of a complete list's group, one of about as many blocks, or null. */
  private GroupList like(Key key) {
    GroupList nearest = null;
    int least = Integer.MAX_VALUE;
    for (Map.Entry<Key, GroupList> entry : lists.entrySet()) {
      Key other = entry.getKey();
      int apart = Math.abs(other.choice.keptBlocks() - key.choice.keptBlocks());
      if (key.complete && other.complete && other.group == key.group && apart < least) {
        nearest = entry.getValue();
        least = apart;
      }
    }
    return nearest;
  }

  /**
   * Drops the counts for good, since lists are dearer, then the lists that were used longest ago,
   * but none that {@code config} needs, with complete lists or with cut ones.
   */
  private void makeRoom(long wanted, ElasticConfig config, boolean complete) {
    if (cap.limitBytes() - cap.usedBytes() < wanted && keepsCounts) {
      dropCounts();
    }
    Iterator<Map.Entry<Key, GroupList>> oldest = lists.entrySet().iterator();
    while (cap.limitBytes() - cap.usedBytes() < wanted && oldest.hasNext()) {
      Map.Entry<Key, GroupList> entry = oldest.next();
      Key key = entry.getKey();
      if (!key.equals(Key.of(config, key.group, complete))) {
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
