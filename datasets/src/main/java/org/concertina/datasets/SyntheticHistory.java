package org.concertina.datasets;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.concertina.datasets.RandomStreams.Purpose;
import org.concertina.datasets.TasteWorld.UserTastes;

/**
 * The interactions of one user after the other, drawn when asked for. One thread at a time; drawing
 * takes constant time an interaction and memory for one user.
 */
public final class SyntheticHistory {
  /** So many draws of items taken already, and the next free item is taken instead. */
  private static final int MAX_REPEATS = 256;

  private final SyntheticModel model;
  private final boolean withTimes;
  private int[] items = new int[0];
  private double[] times = new double[0];
  private int[] ratings = new int[0];
  private int[] taken = new int[0];
  private int size;
  private int user;

  SyntheticHistory(SyntheticModel model, boolean withTimes) {
    this.model = model;
    this.withTimes = withTimes || model.config().drift() > 0;
  }

  /** Draws the user's interactions, in the order of time; they replace those of the last user. */
  public void draw(int newUser) {
    Objects.checkIndex(newUser, model.config().users());
    user = newUser;
    size = model.interactions(newUser);
    if (items.length < size) {
      items = new int[size];
      times = new double[size];
      ratings = new int[size];
    }
    if (withTimes) {
      SplittableRandom random = model.streams().of(Purpose.TIMES, newUser);
      for (int i = 0; i < size; i++) {
        times[i] = random.nextDouble();
      }
      Arrays.sort(times, 0, size);
    }
    drawItems();
  }

  /** Number of the user's interactions. */
  public int size() {
    return size;
  }

  /** Item of an interaction; a user's items are distinct. */
  public int item(int index) {
    return items[Objects.checkIndex(index, size)];
  }

  /**
   * Time of an interaction, from 0 to below 1, ascending.
   *
   * @throws IllegalStateException if times were not asked for
   */
  public double time(int index) {
    if (!withTimes) {
      throw new IllegalStateException("times: ask for them with newHistory(true)");
    }
    return times[Objects.checkIndex(index, size)];
  }

  /**
   * Stars from 1 to 5 of the interactions: they rise with the logarithm of the lift, with noise.
   * Overwritten by the next call.
   */
  int[] rate() {
    Gaussian noise = model.ratingNoise(user);
    UserTastes before = model.first().tastesOf(user);
    UserTastes after = model.last().tastesOf(user);
    for (int i = 0; i < size; i++) {
      double moved = withTimes ? model.moved(times[i]) : 0;
      double lift = (1 - moved) * model.first().lift(before, items[i]);
      if (moved > 0) {
        lift += moved * model.last().lift(after, items[i]);
      }
      ratings[i] = stars(lift, noise.next());
    }
    return ratings;
  }

  /** An item of the user's main taste gets about 4 or 5, one outside of the tastes about 2. */
  private static int stars(double lift, double noise) {
    double octaves = StrictMath.log(Math.max(lift, 1e-3)) / StrictMath.log(2);
    return Math.clamp(Math.round(3 + octaves / 3 + 0.7 * noise), 1, 5);
  }

  private void drawItems() {
    SplittableRandom random = model.streams().of(Purpose.DRAWS, user);
    TasteWorld first = model.first();
    TasteWorld last = model.last();
    boolean drifts = model.config().drift() > 0;
    UserTastes before = first.tastesOf(user);
    UserTastes after = drifts ? last.tastesOf(user) : before;
    int mask = clearTaken();
    for (int i = 0; i < size; i++) {
      int item;
      int repeats = 0;
      do {
        boolean moved = drifts && random.nextDouble() < model.moved(times[i]);
        item = moved ? last.draw(after, random) : first.draw(before, random);
      } while (!take(item, mask) && ++repeats < MAX_REPEATS);
      while (repeats == MAX_REPEATS && !take(item, mask)) {
        item = (item + 1) % model.config().items();
      }
      items[i] = item;
    }
  }

  /** Empties the hash set; its mask. */
  private int clearTaken() {
    int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, size - 1)) << 2);
    if (taken.length < capacity) {
      taken = new int[capacity];
    } else {
      Arrays.fill(taken, 0, capacity, 0);
    }
    return capacity - 1;
  }

  /** Adds an item to the hash set; false if it was there. */
  private boolean take(int item, int mask) {
    int entry = item + 1;
    int slot = ((item * 0x9E3779B9) >>> 7) & mask;
    while (taken[slot] != 0) {
      if (taken[slot] == entry) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    taken[slot] = entry;
    return true;
  }
}
