package org.concertina.datasets.catalogue;

/** Hears how a transfer goes; called by the transferring thread. */
public interface TransferListener {
  /**
   * Some bytes are there.
   *
   * @param bytes of the file that are there, those of an earlier run included
   * @param total bytes of the file, -1 if the server did not say
   */
  void advance(long bytes, long total);

  /** Something that a user may want to know, such as a retry. */
  void note(String message);
}
