package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
  private static final int USERS = 4_000;

  private static double[] users(long seed, double mean, double deviation) {
    Random random = new Random(seed);
    return random.doubles(USERS).map(u -> mean + deviation * (u < 0.5 ? -1 : 1)).toArray();
  }

  @Test
  void aConstantGainIsCertainHoweverUsersDiffer() {
    double[] worse = users(1, 0.3, 0.3);
    double[] better = worse.clone();
    for (int u = 0; u < USERS; u++) {
      better[u] += 0.01;
    }
    PairedBootstrap bootstrap = PairedBootstrap.of(better, worse, 200, 5);
    assertEquals(0.01, bootstrap.gain(), 1e-12);
    assertEquals(0, bootstrap.standardError(), 1e-12);
    assertTrue(bootstrap.exceeds(100));
    assertEquals(USERS, bootstrap.users());
  }

  /** Differences of plus and minus 0.2 have a mean with the standard error 0.2 / sqrt(users). */
  @Test
  void theStandardErrorIsThatOfTheMean() {
    double[] worse = new double[USERS];
    double[] better = users(2, 0.004, 0.2);
    double mean = 0;
    for (double value : better) {
      mean += value / USERS;
    }
    PairedBootstrap bootstrap = PairedBootstrap.of(better, worse, 2_000, 5);
    double expected = 0.2 / Math.sqrt(USERS);
    assertEquals(mean, bootstrap.gain(), 1e-12);
    assertEquals(expected, bootstrap.standardError(), 0.06 * expected);
    assertEquals(-bootstrap.gain(), PairedBootstrap.of(worse, better, 2_000, 5).gain(), 1e-12);
  }

  @Test
  void theSameIsNoGain() {
    double[] users = users(3, 0.2, 0.1);
    PairedBootstrap bootstrap = PairedBootstrap.of(users, users, 10, 1);
    assertEquals(new PairedBootstrap(0, 0, USERS), bootstrap);
    assertFalse(bootstrap.exceeds(0));
  }

  @Test
  void isSeeded() {
    double[] one = users(4, 0.2, 0.1);
    double[] other = users(5, 0.2, 0.1);
    assertEquals(PairedBootstrap.of(one, other, 50, 7), PairedBootstrap.of(one, other, 50, 7));
    assertTrue(
        PairedBootstrap.of(one, other, 50, 7).standardError()
            != PairedBootstrap.of(one, other, 50, 8).standardError());
  }

  @Test
  void wantsTheSameUsers() {
    assertThrows(
        IllegalArgumentException.class,
        () -> PairedBootstrap.of(new double[2], new double[3], 10, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> PairedBootstrap.of(new double[0], new double[0], 10, 1));
  }
}
