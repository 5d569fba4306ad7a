package org.concertina.search;

/** Thrown when not even the smallest configuration fits a budget. */
public final class BudgetTooSmallException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** What was asked for. */
  private final long budgetBytes;

  /** The least that can be had. */
  private final long smallestBytes;

  /** An error that names both sizes and the remedy. */
  public BudgetTooSmallException(long budgetBytes, long smallestBytes, String remedy) {
    super(
        "budget of %d bytes: the smallest artifact has %d bytes; %s"
            .formatted(budgetBytes, smallestBytes, remedy));
    this.budgetBytes = budgetBytes;
    this.smallestBytes = smallestBytes;
  }

  /** What was asked for. */
  public long budgetBytes() {
    return budgetBytes;
  }

  /** Bytes of the smallest artifact. */
  public long smallestBytes() {
    return smallestBytes;
  }
}
