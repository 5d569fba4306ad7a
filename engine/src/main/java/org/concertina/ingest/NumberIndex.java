package org.concertina.ingest;

import java.util.Arrays;
import org.agrona.collections.Int2IntHashMap;

/**
 * Dense indices of numbers. Numbers that lie close to each other, as most data sets', are looked up
 * in an array, which misses the cache once where a hash map does so again and again; the others in
 * a map. Not thread-safe.
 */
final class NumberIndex {
  static final int UNKNOWN = -1;

  private static final int LEAST_SLOTS = 1 << 10;

  /** Numbers up to so many times the count of those known go to the array, which doubles. */
  private static final int NUMBERS_PER_KNOWN = 4;

  private static final int MAX_SLOTS = 1 << 28;

  private int[] indexOfSmall = new int[0];
  private final Int2IntHashMap indexOfLarge = new Int2IntHashMap(UNKNOWN);
  private int[] numbers = new int[64];
  private int size;

  int size() {
    return size;
  }

  /** The number of an index. */
  int number(int index) {
    return numbers[index];
  }

  /** The index of a number, which is added if it is new. */
  int indexOf(int number) {
    int index =
        number < indexOfSmall.length ? indexOfSmall[number] : indexOfLarge.get(scrambled(number));
    return index == UNKNOWN ? add(number) : index;
  }

  /** Another int for every int: the map would let numbers of one range collide again and again. */
  private static int scrambled(int number) {
    int product = number * 0x9e3779b9;
    return product ^ (product >>> 15);
  }

  private int add(int number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.addExact(size, size));
    }
    numbers[size] = number;
    long allowed = Math.max(LEAST_SLOTS, (long) NUMBERS_PER_KNOWN * size);
    if (number >= indexOfSmall.length && number < Math.min(MAX_SLOTS, allowed)) {
      grow((int) Math.min(MAX_SLOTS, Math.max(LEAST_SLOTS, 2L * number)));
    }
    if (number < indexOfSmall.length) {
      indexOfSmall[number] = size;
    } else {
      indexOfLarge.put(scrambled(number), size);
    }
    return size++;
  }

  /** Makes room in the array and moves what now belongs there out of the map. */
  private void grow(int slots) {
    int before = indexOfSmall.length;
    indexOfSmall = Arrays.copyOf(indexOfSmall, slots);
    Arrays.fill(indexOfSmall, before, slots, UNKNOWN);
    for (int index = 0; index < size; index++) {
      if (numbers[index] >= before && numbers[index] < slots) {
        indexOfSmall[numbers[index]] = index;
        indexOfLarge.remove(scrambled(numbers[index]));
      }
    }
  }
}
