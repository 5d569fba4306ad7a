package org.concertina.ingest;

/**
 * What is left after a step.
 *
 * @param step what was done
 * @param users with at least one interaction
 * @param items with at least one interaction
 * @param interactions repetitions counted until they are dropped
 */
public record CleaningStep(String step, int users, int items, long interactions) {}
