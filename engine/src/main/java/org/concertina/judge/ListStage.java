package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.concertina.memory.CappedArena;
import org.concertina.metric.TopK;

/**
 * Where the lists of a (group, choice) are written before it is known how long they are: a place
 * for the K entries of every user, a tile of users by one thread at a time. Belongs to the arena.
 */
final class ListStage {
  private final int users;
  private final int k;
  private final int tileUsers;
  private final MemorySegment scores;
  private final MemorySegment rows;
  private final int[] sizes;
  private final int[] entriesOfTile;
  private final int[] hitsOfTile;
  private final int[][] hitUsers;
  private final byte[][] hitPositions;

  ListStage(CappedArena arena, int users, int k, int tileUsers) {
    this.users = users;
    this.k = k;
    this.tileUsers = tileUsers;
    this.scores = arena.allocateFloats((long) users * k, "judge: scores of a group");
    this.rows = arena.allocateInts((long) users * k, "judge: rows of a group");
    this.sizes = new int[users];
    int tiles = tiles();
    this.entriesOfTile = new int[tiles];
    this.hitsOfTile = new int[tiles];
    this.hitUsers = new int[tiles][4];
    this.hitPositions = new byte[tiles][4];
  }

  /** Tiles of all users. */
  int tiles() {
    return Math.ceilDiv(users, tileUsers);
  }

  int users() {
    return users;
  }

  int k() {
    return k;
  }

  /** Starts a tile anew; those of its users that have entries come next, ascending. */
  void begin(int tile) {
    Arrays.fill(sizes, tile * tileUsers, Math.min(users, (tile + 1) * tileUsers), 0);
    entriesOfTile[tile] = 0;
    hitsOfTile[tile] = 0;
  }

  /**
   * Writes a user's list.
   *
   * @param top sorted packed rows
   * @param relevant the user's relevant rows, from {@code firstRow} on
   */
  void append(int tile, int user, TopK top, RowSet relevant, int firstRow) {
    long at = firstEntry(tile) + entriesOfTile[tile];
    sizes[user] = top.size();
    entriesOfTile[tile] += top.size();
    for (int position = 0; position < top.size(); position++) {
      int row = top.id(position);
      scores.setAtIndex(ValueLayout.JAVA_FLOAT, at + position, top.score(position));
      rows.setAtIndex(ValueLayout.JAVA_INT, at + position, row);
      if (relevant.contains(row - firstRow)) {
        addHit(tile, user, position);
      }
    }
  }

  private void addHit(int tile, int user, int position) {
    int at = hitsOfTile[tile]++;
    if (at == hitUsers[tile].length) {
      hitUsers[tile] = Arrays.copyOf(hitUsers[tile], 2 * at);
      hitPositions[tile] = Arrays.copyOf(hitPositions[tile], 2 * at);
    }
    hitUsers[tile][at] = user;
    hitPositions[tile][at] = (byte) position;
  }

  private long firstEntry(int tile) {
    return (long) tile * tileUsers * k;
  }

  /** Entries of all lists. */
  long entries() {
    return Arrays.stream(entriesOfTile).asLongStream().sum();
  }

  int hits() {
    return Arrays.stream(hitsOfTile).sum();
  }

  /**
   * Copies the lists one behind another.
   *
   * @param offsets receives {@code users + 1} longs, where each user's list begins
   */
  void copyLists(MemorySegment toScores, MemorySegment toRows, MemorySegment offsets) {
    long next = 0;
    for (int user = 0; user < users; user++) {
      offsets.setAtIndex(ValueLayout.JAVA_LONG, user, next);
      next += sizes[user];
    }
    offsets.setAtIndex(ValueLayout.JAVA_LONG, users, next);
    long to = 0;
    for (int tile = 0; tile < tiles(); tile++) {
      long from = firstEntry(tile) * Float.BYTES;
      long bytes = (long) entriesOfTile[tile] * Float.BYTES;
      MemorySegment.copy(scores, from, toScores, to, bytes);
      MemorySegment.copy(rows, from, toRows, to, bytes);
      to += bytes;
    }
  }

  /** Copies the hits, by ascending user, into arrays of {@link #hits} elements. */
  void copyHits(int[] ofUsers, byte[] positions) {
    int to = 0;
    for (int tile = 0; tile < tiles(); tile++) {
      System.arraycopy(hitUsers[tile], 0, ofUsers, to, hitsOfTile[tile]);
      System.arraycopy(hitPositions[tile], 0, positions, to, hitsOfTile[tile]);
      to += hitsOfTile[tile];
    }
  }
}
