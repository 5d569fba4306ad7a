/**
 * Ingest: from logs in the forms that people have to one checked data file.
 *
 * <p>Enters: files of interactions, plain, gzip or zstd, in one of the forms of {@link
 * org.concertina.ingest.TextFormat}. Leaves: a data file that {@link
 * org.concertina.interaction.InteractionReader} opens.
 *
 * <p>The way of an interaction: {@code TextWindow} unpacks; {@code FormatDetector} tells the form;
 * {@code TableParser}, {@code JsonLinesParser} or {@code SplitParser} finds the fields; {@code
 * RecordSink} and {@code IdColumn} make indices of ids; {@code LogBuilder} filters by rating and
 * time; {@code UserRows} groups by user; {@code Repetitions}, {@code KCore} and {@code Splitter}
 * work on the rows; {@code CanonicalBuilder} leaves out what has nothing left.
 *
 * <p>Limits: a line of users has at most 16 MiB, any other record 1 MiB, an id 4,096 bytes; there
 * are at most 2^31 - 2 users or items. Whatever cannot be read is an {@link
 * org.concertina.interaction.InteractionFormatException} that names file and line.
 *
 * <p>Invariants: the result does not depend on the order of lines, except under {@link
 * org.concertina.ingest.SplitRule#LEAVE_ONE_OUT} for interactions of one user at the same time or
 * without times; the same files, options and seed give the same bytes.
 */
package org.concertina.ingest;
