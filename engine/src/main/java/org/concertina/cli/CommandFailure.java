package org.concertina.cli;

/** Ends a command with exit code 1; the message says what, where, and what to do about it. */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }
}
