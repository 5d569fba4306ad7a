package org.concertina.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.ScreenTask;

/** Inverse norms of rows as {@link ScreenTask#norms} has them. Stateless. */
public final class NormCodes {
  /** Smaller numbers are further from the norm than {@link ScreenOps#UNIT_SCREEN_ERROR}. */
  private static final int LEAST = (int) (0.51 / ScreenOps.UNIT_SCREEN_ERROR);

  private NormCodes() {}

  /**
   * Puts inverse norms on one scale.
   *
   * @param inverse at least 0; 0 for a row that scores nothing by any norm
   * @param count how many of them
   * @param codes receives {@code count} shorts
   * @return what a short counts; 0 if one would be too far from its norm, and the shorts are of no
   *     use
   */
  public static float pack(float[] inverse, int count, MemorySegment codes, long codesOffsetBytes) {
    float most = 0;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, inverse[i]);
    }
    float scale = most == 0 ? 1 : most / Short.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      long code = Math.round((double) inverse[i] / scale);
      if (code < LEAST && code != 0) {
        return 0;
      }
      codes.set(ValueLayout.JAVA_SHORT, codesOffsetBytes + (long) i * Short.BYTES, (short) code);
    }
    return scale;
  }
}
