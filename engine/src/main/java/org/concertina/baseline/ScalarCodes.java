package org.concertina.baseline;

/** Numbers as a device would store them: floats, or signed bytes with one scale a table. */
public enum ScalarCodes {
  /** Four bytes, unchanged. */
  FP32(Float.BYTES, 0),
  /** One byte in [-127, 127], and a scale. */
  INT8(1, Float.BYTES);

  private static final int MOST = 127;

  private final int bytes;
  private final int scaleBytes;

  ScalarCodes(int bytes, int scaleBytes) {
    this.bytes = bytes;
    this.scaleBytes = scaleBytes;
  }

  /** Bytes of so many numbers, the scale included. */
  public long bytes(long count) {
    return count * bytes + scaleBytes;
  }

  /** How many numbers fit; negative if not even the scale does. */
  long fitting(long budgetBytes) {
    return Math.floorDiv(budgetBytes - scaleBytes, bytes);
  }

  /** What is read back of a number whose table has none larger than {@code largest}. */
  float restored(float value, float largest) {
    if (this == FP32 || largest == 0) {
      return value;
    }
    float scale = largest / MOST;
    return Math.round(value / scale) * scale;
  }

  /** Restores all numbers of an array. */
  void restoreInPlace(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = restored(values[i], largest);
    }
  }
}
