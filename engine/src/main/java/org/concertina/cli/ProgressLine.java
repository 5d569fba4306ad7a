package org.concertina.cli;

/** A line on stderr that says how far a long task is, how fast it goes and when it will end. */
interface ProgressLine extends AutoCloseable {
  /**
   * Says how far the task is; cheap enough for every batch.
   *
   * @param done units done
   * @param detail what else there is to know now, such as the loss
   */
  void advance(long done, String detail);

  /** Makes room for another line of output. */
  void clear();

  @Override
  void close();
}
