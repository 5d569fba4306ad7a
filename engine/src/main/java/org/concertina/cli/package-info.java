/**
 * The command line.
 *
 * <p>Enters: arguments and files. Leaves: files, a report on stdout, an exit code (0 done, 1
 * failed, 2 usage). Invariants: stdout has nothing but the report, which with {@code --json} is one
 * object with lower camel case keys that name their units; progress, warnings and errors go to
 * stderr; no output file is half-written. Commands parse and report, the {@code ...Service} classes
 * do the work, so that {@code demo} runs what the single commands run.
 */
package org.concertina.cli;
