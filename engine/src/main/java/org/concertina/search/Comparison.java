package org.concertina.search;

import java.util.Optional;

/**
 * How much better one configuration is than another.
 *
 * @param all the gain on all users, those who chose and those who did not
 * @param confirming the gain on the users who did not choose; nothing if there are none
 */
public record Comparison(PairedBootstrap all, Optional<PairedBootstrap> confirming) {
  /**
   * Whether to prefer it: the gain on all users is more than so many standard errors, and users who
   * did not choose see a gain too.
   */
  public boolean convinces(double standardErrors) {
    return all.exceeds(standardErrors) && confirming.map(gain -> gain.gain() > 0).orElse(true);
  }
}
