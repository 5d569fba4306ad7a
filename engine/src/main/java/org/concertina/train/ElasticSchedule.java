package org.concertina.train;

/** Which configurations a batch of elastic training draws, one choice for every group. */
public enum ElasticSchedule {
  /** Always the full row. */
  NONE,
  /** The first k blocks, k uniform in 1..N. */
  NESTED,
  /** A uniformly random non-empty subset of the blocks. */
  RANDOM
}
