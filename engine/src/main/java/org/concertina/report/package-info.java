/**
 * Tables, plots and pages of recorded results.
 *
 * <p>Enters: records. Leaves: lines of text, Markdown and one HTML page that needs nothing else.
 * Invariant: every number comes from a record, or with its source from {@code peers.json}, and a
 * section without records is not there.
 */
package org.concertina.report;
