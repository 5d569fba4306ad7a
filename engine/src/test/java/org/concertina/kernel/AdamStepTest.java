package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class AdamStepTest {
  @Test
  void firstStepIsCorrectedMost() {
    AdamStep step = AdamStep.at(1, 0.01, 0.25);
    assertEquals(0.01 * Math.sqrt(0.001) / 0.1, step.stepSize(), 1e-9);
    assertEquals(1e-8 * Math.sqrt(0.001), step.epsilon(), 1e-15);
    assertEquals(0.9f, step.beta1());
    assertEquals(0.999f, step.beta2());
    assertEquals(0.25f, step.l2());
  }

  @Test
  void correctionFadesAndNeverOverflows() {
    AdamStep step = AdamStep.at(Long.MAX_VALUE, 0.01, 0);
    assertEquals(0.01f, step.stepSize());
    assertEquals(1e-8f, step.epsilon());
  }

  @Test
  void stepsAreCountedFromOne() {
    assertThrows(IllegalArgumentException.class, () -> AdamStep.at(0, 0.01, 0));
  }

  @Test
  void aStepThatIsMovedIsLikeANewOne() {
    AdamStep moved = AdamStep.at(1, 0.5, 0.25).set(7, 0.01, 0.125);
    AdamStep fresh = AdamStep.at(7, 0.01, 0.125);
    assertEquals(fresh.stepSize(), moved.stepSize());
    assertEquals(fresh.epsilon(), moved.epsilon());
    assertEquals(fresh.l2(), moved.l2());
  }
}
