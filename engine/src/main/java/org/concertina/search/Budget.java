package org.concertina.search;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.concertina.block.ArtifactLayout;

/**
 * A memory budget as a user writes it: {@code 2500000}, {@code 2.5MB}, {@code 512KiB}, {@code 10%}.
 *
 * @param amount how many units, greater than 0
 * @param unit what is counted
 */
public record Budget(BigDecimal amount, Unit unit) {
  private static final Pattern TEXT = Pattern.compile("\\s*(\\d+(?:\\.\\d+)?)\\s*([A-Za-z%]*)\\s*");

  /** Longest text: enough for any number of bytes, too short for an absurd computation. */
  private static final int MAX_CHARACTERS = 40;

  /** What a budget is counted in. */
  public enum Unit {
    /** Plain bytes. */
    BYTES("", 1),
    /** 10^3 bytes. */
    KB("KB", 1_000),
    /** 10^6 bytes. */
    MB("MB", 1_000_000),
    /** 10^9 bytes. */
    GB("GB", 1_000_000_000),
    /** 2^10 bytes. */
    KIB("KiB", 1L << 10),
    /** 2^20 bytes. */
    MIB("MiB", 1L << 20),
    /** 2^30 bytes. */
    GIB("GiB", 1L << 30),
    /** Hundredths of the plain fp32 item table. */
    PERCENT("%", 0);

    private final String symbol;
    private final long bytes;

    Unit(String symbol, long bytes) {
      this.symbol = symbol;
      this.bytes = bytes;
    }
  }

  /** Validates; amounts that are equal as numbers are equal. */
  public Budget {
    if (amount.signum() <= 0) {
      throw new IllegalArgumentException("budget: expected more than 0, got " + amount);
    }
    amount = amount.stripTrailingZeros();
  }

  /** A budget of so many bytes. */
  public static Budget ofBytes(long bytes) {
    return new Budget(BigDecimal.valueOf(bytes), Unit.BYTES);
  }

  /**
   * Reads a budget; upper and lower case are the same.
   *
   * @throws IllegalArgumentException if the text is none; the message says what was expected
   */
  public static Budget parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (text.length() > MAX_CHARACTERS || !matcher.matches()) {
      throw malformed(text);
    }
    BigDecimal amount = new BigDecimal(matcher.group(1));
    if (amount.signum() == 0) {
      throw new IllegalArgumentException("budget '" + text + "': expected more than 0");
    }
    return new Budget(amount, unit(text, matcher.group(2)));
  }

  private static Unit unit(String text, String symbol) {
    if (symbol.equalsIgnoreCase("B")) {
      return Unit.BYTES;
    }
    for (Unit unit : Unit.values()) {
      if (unit.symbol.equalsIgnoreCase(symbol)) {
        return unit;
      }
    }
    throw malformed(text);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "budget '%s': expected a number of bytes such as 2500000, or a number with KB, MB, GB"
                + " (powers of 1000), KiB, MiB, GiB (powers of 1024) or %% (of the full fp32 item"
                + " table), such as 2.5MB or 10%%",
            text));
  }

  /**
   * The budget in whole bytes, rounded down.
   *
   * @param layout tells the size of the full table
   * @throws IllegalArgumentException if it is less than one byte or beyond 2^63 - 1
   */
  public long bytes(ArtifactLayout layout) {
    BigDecimal exact =
        unit == Unit.PERCENT
            ? amount.multiply(BigDecimal.valueOf(layout.fullTableBytes())).movePointLeft(2)
            : amount.multiply(BigDecimal.valueOf(unit.bytes));
    BigDecimal whole = exact.setScale(0, RoundingMode.DOWN);
    if (whole.signum() == 0 || whole.toBigInteger().bitLength() > Long.SIZE - 1) {
      throw new IllegalArgumentException(
          "budget '" + this + "': expected 1 to 2^63 - 1 bytes, got " + whole);
    }
    return whole.longValueExact();
  }

  @Override
  public String toString() {
    return amount.toPlainString() + unit.symbol;
  }
}
