package org.concertina.cli;

import java.util.List;
import java.util.Locale;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;

/** What a model is measured on. */
enum Split {
  /** The test interactions; training and validation items are not ranked. */
  TEST {
    @Override
    InteractionMatrix relevant(InteractionData data) {
      return data.test();
    }

    @Override
    List<InteractionMatrix> excluded(InteractionData data) {
      return List.of(data.train(), data.validation());
    }
  },
  /** The validation interactions; training items are not ranked. */
  VALID {
    @Override
    InteractionMatrix relevant(InteractionData data) {
      return data.validation();
    }

    @Override
    List<InteractionMatrix> excluded(InteractionData data) {
      return List.of(data.train());
    }
  };

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is to be found. */
  abstract InteractionMatrix relevant(InteractionData data);

  /** What is not ranked. */
  abstract List<InteractionMatrix> excluded(InteractionData data);
}
