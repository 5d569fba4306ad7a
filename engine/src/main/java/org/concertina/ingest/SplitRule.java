package org.concertina.ingest;

import java.util.Locale;

/** How interactions are divided into training, validation and test. */
public enum SplitRule {
  /** All is for training; whoever reads the file holds a share out for validation. */
  NONE,
  /** As the files say: some are for validation, some for test. */
  GIVEN,
  /** As another data file says; what that does not know is for training. */
  STORED,
  /**
   * A random share of each user's interactions; the draw depends on the seed, the user's id and the
   * user's items alone. Users with fewer than 5 interactions give none.
   */
  RATIO,
  /** The latest share of all interactions; those of one moment stay together. */
  TEMPORAL,
  /**
   * Each user's last interaction for test and the last but one for validation; users with fewer
   * than 3 give none. What has the same time, or no time, is in the order of the file.
   */
  LEAVE_ONE_OUT,
  /**
   * All interactions of a random share of the users, of whom training knows nothing; a user's draw
   * depends on the seed and the user's id alone.
   */
  COLD_USERS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
