package org.concertina.train;

/**
 * Which pairs of an item's blocks the regulariser pushes apart; see {@link DiversityRegularizer}.
 */
public enum DiversityForm {
  /** Every two blocks, by a radial basis function of their distance, as RULE does. */
  RBF,
  /** Every block and the next one, by their squared distance, as the code of RULE's follow-up. */
  ADJACENT,
  /** None; takes no weight. */
  NONE
}
