/**
 * Records of measurements, and the environment that they were made in.
 *
 * <p>Enters: what was measured, with its settings. Leaves: lines of JSON in files whose names end
 * in {@code records.jsonl}; {@code results/README.md} describes them. Invariants: files only grow,
 * a line is whole or not there, every result is preceded in its file by the line of its run.
 */
package org.concertina.record;
