package org.concertina.record;

/**
 * A result with the run that made it.
 *
 * @param run the run
 * @param result the result
 */
public record Recorded(Run run, Result result) {}
