package org.concertina.artifact;

/** How an artifact that holds users' vectors knows whose they are. */
public enum UserIds {
  /** It does not; whoever serves it must know the users' rows. */
  NONE(0),
  /** Ids are 0 to U-1, every user's the number of the row, and take no bytes. */
  ROW_NUMBERS(1),
  /** Ids are encoded behind the vectors. */
  ENCODED(2);

  private final int code;

  UserIds(int code) {
    this.code = code;
  }

  /** The number that stands for this on disk; never reused. */
  int code() {
    return code;
  }

  /** What takes least for these ids: ascending, all different; null for none. */
  static UserIds of(int[] ids) {
    if (ids == null) {
      return NONE;
    }
    // Ascending and different, so both ends leave no room for any others.
    return ids[0] == 0 && ids[ids.length - 1] == ids.length - 1 ? ROW_NUMBERS : ENCODED;
  }
}
