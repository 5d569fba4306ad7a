package org.concertina.ingest;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;

/**
 * Reorders each row into its training, validation and test interactions, each ascending by item.
 * What comes out is a function of the interactions and the options alone.
 */
final class Splitter {
  /** Users with fewer interactions keep all for training. */
  private static final int MIN_RATIO_DEGREE = 5;

  private static final int MIN_LEAVE_ONE_OUT_DEGREE = 3;

  private final UserRows rows;
  private final SplitOptions options;
  private final IntToLongFunction userKey;
  private final long[] trainEnds;
  private final long[] validationEnds;
  private final int[] row;

  private Splitter(UserRows rows, SplitOptions options, IntToLongFunction userKey) {
    this.rows = rows;
    this.options = options;
    this.userKey = userKey;
    this.trainEnds = new long[rows.users()];
    this.validationEnds = new long[rows.users()];
    this.row = new int[rows.maxDegree()];
  }

  /**
   * Where each user's training and validation interactions end.
   *
   * @param trainEnds positions by user rank
   * @param validationEnds positions by user rank
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
  record Ends(long[] trainEnds, long[] validationEnds) {}

  /**
   * Splits by rule.
   *
   * @param rows ascending by item, or for leave-one-out and temporal in the order of time
   * @param userKey a number by user rank that depends on the user's id alone
   */
  static Ends split(UserRows rows, SplitOptions options, IntToLongFunction userKey) {
    Splitter splitter = new Splitter(rows, options, userKey);
    switch (options.rule()) {
      case NONE, GIVEN, STORED -> splitter.all();
      case RATIO -> splitter.ratio();
      case TEMPORAL -> splitter.temporal();
      case LEAVE_ONE_OUT -> splitter.leaveOneOut();
      case COLD_USERS -> splitter.coldUsers();
    }
    return new Ends(splitter.trainEnds, splitter.validationEnds);
  }

  /** Sorts the parts of rows that come in three given parts. */
  static void sortParts(UserRows rows, Ends ends) {
    int[] row = new int[rows.maxDegree()];
    for (int user = 0; user < rows.users(); user++) {
      int degree = rows.copyItems(user, row);
      int train = (int) (ends.trainEnds()[user] - rows.begin(user));
      int validation = (int) (ends.validationEnds()[user] - rows.begin(user));
      sortParts(row, train, validation, degree);
      rows.putItems(rows.begin(user), row, degree);
    }
  }

  private static void sortParts(int[] row, int train, int validation, int degree) {
    Arrays.sort(row, 0, train);
    Arrays.sort(row, train, validation);
    Arrays.sort(row, validation, degree);
  }

  private void all() {
    for (int user = 0; user < rows.users(); user++) {
      putSorted(user, rows.copyItems(user, row), 0, 0);
    }
  }

  private void ratio() {
    int[] drawn = new int[row.length];
    int[] part = new int[row.length];
    for (int user = 0; user < rows.users(); user++) {
      int degree = rows.copyItems(user, row);
      int test = 0;
      int validation = 0;
      if (degree >= MIN_RATIO_DEGREE) {
        test = (int) Math.min(degree - 1L, Math.round(options.testShare() * degree));
        validation =
            (int) Math.min(degree - 1L - test, Math.round(options.validationShare() * degree));
        for (int i = 0; i < degree; i++) {
          drawn[i] = i;
        }
        drawToEnd(drawn, degree, test + validation, random(user));
        partition(drawn, degree, validation, test, part);
      }
      putSorted(user, degree, validation, test);
    }
  }

  /** Moves a uniform draw to the end: a partial Fisher-Yates shuffle. */
  private static void drawToEnd(int[] values, int degree, int count, SplittableRandom random) {
    for (int left = degree; left > degree - count; left--) {
      int drawn = random.nextInt(left);
      int value = values[drawn];
      values[drawn] = values[left - 1];
      values[left - 1] = value;
    }
  }

  /** Brings the drawn positions of the row to its end; each part stays ascending. */
  private void partition(int[] drawn, int degree, int validation, int test, int[] part) {
    int train = degree - validation - test;
    for (int i = 0; i < degree; i++) {
      part[drawn[i]] = i < train ? 0 : i < train + validation ? 1 : 2;
    }
    int[] next = {0, train, train + validation};
    for (int i = 0; i < degree; i++) {
      drawn[next[part[i]]++] = row[i];
    }
    System.arraycopy(drawn, 0, row, 0, degree);
  }

  private void leaveOneOut() {
    for (int user = 0; user < rows.users(); user++) {
      int degree = rows.copyItems(user, row);
      int out = degree >= MIN_LEAVE_ONE_OUT_DEGREE ? 1 : 0;
      put(user, degree, out, out);
    }
  }

  private void coldUsers() {
    for (int user = 0; user < rows.users(); user++) {
      int degree = rows.copyItems(user, row);
      double draw = random(user).nextDouble();
      boolean test = draw < options.testShare();
      boolean validation = !test && draw < options.testShare() + options.validationShare();
      put(user, degree, validation ? degree : 0, test ? degree : 0);
    }
  }

  private void temporal() {
    long total = rows.size();
    long testFrom = TimeQuantile.of(rows, total - Math.round(options.testShare() * total));
    long validationFrom =
        TimeQuantile.of(
            rows, total - Math.round((options.testShare() + options.validationShare()) * total));
    for (int user = 0; user < rows.users(); user++) {
      int degree = rows.degree(user);
      int train = 0;
      int validation = 0;
      // Rows are in the order of time, so that each part is a run.
      for (int i = 0; i < degree; i++) {
        long time = rows.time(rows.begin(user) + i);
        train += time < validationFrom ? 1 : 0;
        validation += time >= validationFrom && time < testFrom ? 1 : 0;
      }
      rows.copyItems(user, row);
      put(user, degree, validation, degree - train - validation);
    }
  }

  /** Writes the row back with its last items for test and those before them for validation. */
  private void put(int user, int degree, int validation, int test) {
    int train = degree - validation - test;
    sortParts(row, train, train + validation, degree);
    putSorted(user, degree, validation, test);
  }

  private void putSorted(int user, int degree, int validation, int test) {
    rows.putItems(rows.begin(user), row, degree);
    trainEnds[user] = rows.begin(user) + degree - validation - test;
    validationEnds[user] = trainEnds[user] + validation;
  }

  private SplittableRandom random(int user) {
    return new SplittableRandom(mix(options.seed() ^ mix(userKey.applyAsLong(user) + 1)));
  }

  /** The finaliser of SplitMix64: variant 13 in D. Stafford, "Better Bit Mixing" (2011). */
  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
