package org.concertina.cli;

import org.concertina.search.Budget;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a budget; whatever it is not, it says. */
final class BudgetConverter implements ITypeConverter<Budget> {
  static final String FORMS = "bytes, or with KB, MB, GB (10^3..), KiB, MiB, GiB (2^10..)";

  @Override
  public Budget convert(String text) {
    try {
      return Budget.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw new TypeConversionException(malformed.getMessage());
    }
  }

  /**
   * A size that has no table to be a share of.
   *
   * @throws IllegalArgumentException if it is a percentage; the message names the option
   */
  static long plainBytes(String option, Budget size) {
    if (size.unit() == Budget.Unit.PERCENT) {
      throw new IllegalArgumentException(option + ": expected " + FORMS + ", got " + size);
    }
    return size.bytes(null);
  }
}
