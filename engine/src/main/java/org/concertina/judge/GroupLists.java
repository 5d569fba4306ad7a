package org.concertina.judge;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
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
  private record Key(int group, BlockChoice choice) {}

  private final GroupListBuilder builder;
  private final MemoryCap cap;
  private final BlockShape shape;
  private final int groups;
  private final int users;
  private final LinkedHashMap<Key, GroupList> lists = new LinkedHashMap<>(64, 0.75f, true);
  private boolean keepsCounts = true;
  private int nextSlot;

  /** Choices of the most popular group that lists of others are cut by; none if they are not. */
  private List<BlockChoice> expected = List.of();

  private boolean monotone;

  /** By the choice of other groups. */
  private final Map<BlockChoice, Floors> floors = new HashMap<>();

  GroupLists(GroupListBuilder builder, MemoryCap cap, BlockShape shape, int groups, int users) {
    this.builder = builder;
    this.cap = cap;
    this.shape = shape;
    this.groups = groups;
    this.users = users;
  }

  /** {@link Judge#expect}. */
  void expect(List<BlockChoice> choices, boolean isMonotone) {
    if (!lists.isEmpty()) {
      throw new IllegalStateException("judge: expects nothing any more, lists have been made");
    }
    expected = List.copyOf(choices);
    monotone = isMonotone;
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
    if (expected.isEmpty()) {
      return;
    }
    BlockChoice popular = config.choice(0);
    if (popular.isDropped()) {
      expected = List.of();
      floors.clear();
      removeCut(key -> true);
      return;
    }
    GroupList complete = list(new Key(0, popular), config);
    for (int g = 1; g < groups; g++) {
      BlockChoice choice = config.choice(g);
      Floors below = choice.isDropped() ? null : floors(choice, config);
      if (below != null && !below.areReachedBy(popular, complete)) {
        below.lowerTo(popular, complete);
        removeCut(key -> key.choice.equals(choice));
      }
    }
  }

  /** Removes those lists of other groups than the most popular one. */
  private void removeCut(Predicate<Key> which) {
    lists
        .entrySet()
        .removeIf(
            entry -> {
              boolean goes = entry.getKey().group != 0 && which.test(entry.getKey());
              if (goes) {
                entry.getValue().close();
              }
              return goes;
            });
  }

  /** What lists of a choice have to reach; null if they are complete. */
  private Floors floors(BlockChoice choice, ElasticConfig config) {
    if (expected.isEmpty()) {
      return null;
    }
    Floors known = floors.get(choice);
    if (known == null) {
      known = new Floors(users);
      for (BlockChoice popular : expected) {
        if (!monotone || rowBytes(popular) >= rowBytes(choice)) {
          known.lowerTo(popular, list(new Key(0, popular), config));
        }
      }
      floors.put(choice, known);
    }
    return known;
  }

  private long rowBytes(BlockChoice choice) {
    return choice.precision().rowBytes(shape.keptDims(choice));
  }

  private GroupList list(Key key, ElasticConfig config) {
    GroupList list = lists.get(key);
    if (list == null) {
      Floors below = key.group == 0 ? null : floors(key.choice, config);
      ListStage stage = builder.fill(key.group, key.choice, below);
      makeRoom(GroupList.bytes(stage), config);
      list = new GroupList(cap, stage, nextSlot++);
      lists.put(key, list);
    }
    return list;
  }

  /**
   * Drops the counts for good, since lists are dearer, then the lists that were used longest ago,
   * but none that {@code config} needs.
   */
  private void makeRoom(long wanted, ElasticConfig config) {
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
