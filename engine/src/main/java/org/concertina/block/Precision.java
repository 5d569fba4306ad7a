package org.concertina.block;

/** How many bits a packed element takes. */
public enum Precision {
  /** 32-bit floats. */
  FP32(1, Float.BYTES),
  /** Signed bytes in [-127, 127] with one scale a group. */
  INT8(2, 1);

  private final int code;
  private final int elementBytes;

  Precision(int code, int elementBytes) {
    this.code = code;
    this.elementBytes = elementBytes;
  }

  /** The number that stands for this precision on disk; never reused. */
  public int code() {
    return code;
  }

  /** Bytes of one packed element. */
  public int elementBytes() {
    return elementBytes;
  }

  /**
   * The precision of a code on disk.
   *
   * @throws IllegalArgumentException for a code of no known precision
   */
  public static Precision ofCode(int code) {
    for (Precision precision : values()) {
      if (precision.code == code) {
        return precision;
      }
    }
    throw new IllegalArgumentException("precision code: expected 1 or 2, got " + code);
  }
}
