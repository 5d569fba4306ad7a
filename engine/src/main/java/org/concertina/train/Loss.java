package org.concertina.train;

/** What training minimises. */
public enum Loss {
  /** Sampled softmax over cosines, against negatives that a batch shares. */
  SOFTMAX,
  /** Bayesian personalised ranking, a negative a pair (Rendle et al., UAI 2009). */
  BPR,
  /** Cosine contrastive loss, against negatives that a batch shares (Mao et al., CIKM 2021). */
  CCL
}
