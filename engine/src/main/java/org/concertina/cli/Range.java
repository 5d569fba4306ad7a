package org.concertina.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Values that a setting is drawn from: uniform in the logarithm, or in the value if {@code low} is
 * 0.
 *
 * @param low smallest value
 * @param high largest value
 */
record Range(double low, double high) {
  private static final MathContext DIGITS = new MathContext(4);

  Range {
    if (!(low >= 0 && low <= high && high < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "expected LOW:HIGH with 0 <= LOW <= HIGH, got %s:%s".formatted(low, high));
    }
  }

  /** The value at a share {@code unit} in [0, 1) of the range, of four significant digits. */
  double at(double unit) {
    double value =
        low > 0
            ? low * StrictMath.exp(unit * StrictMath.log(high / low))
            : low + unit * (high - low);
    return Math.clamp(new BigDecimal(value).round(DIGITS).doubleValue(), low, high);
  }

  /** The same, rounded to a whole number. */
  int wholeAt(double unit) {
    return Math.toIntExact(Math.round(at(unit)));
  }

  @Override
  public String toString() {
    return low + ":" + high;
  }

  /** Reads {@code LOW:HIGH}, or one value that is both. */
  static final class Converter implements ITypeConverter<Range> {
    @Override
    public Range convert(String text) {
      int colon = text.indexOf(':');
      try {
        double low = Double.parseDouble(colon < 0 ? text : text.substring(0, colon));
        return new Range(low, colon < 0 ? low : Double.parseDouble(text.substring(colon + 1)));
      } catch (IllegalArgumentException malformed) {
        throw new TypeConversionException(
            "'" + text + "': expected LOW:HIGH with 0 <= LOW <= HIGH, or one value");
      }
    }
  }
}
