package org.concertina.interaction;

import java.util.Locale;

/**
 * What was read and what was dropped on the way.
 *
 * @param users users in the index, all splits together
 * @param items items in the index, all splits together
 * @param trainInteractions pairs left for training
 * @param validationInteractions pairs for validation, given or held out
 * @param testInteractions pairs for testing, 0 without a test file
 * @param duplicatesDropped repetitions of a pair within one split's file
 * @param overlapsDropped pairs dropped from validation or test because an earlier split has them
 * @param usersWithoutTraining users that have no training item; they stay in the index
 * @param coldItems items that no training pair has; they stay in the index, last
 */
public record ReadReport(
    int users,
    int items,
    long trainInteractions,
    long validationInteractions,
    long testInteractions,
    long duplicatesDropped,
    long overlapsDropped,
    int usersWithoutTraining,
    int coldItems) {

  /** One line of counts, and a second if anything was dropped or has nothing to learn from. */
  public String summary() {
    long all = trainInteractions + validationInteractions + testInteractions;
    String counts =
        String.format(
            Locale.ROOT,
            "%,d users x %,d items, %,d training + %,d validation + %,d test interactions"
                + " (density %.3f %%)",
            users,
            items,
            trainInteractions,
            validationInteractions,
            testInteractions,
            100.0 * all / ((double) users * items));
    if (duplicatesDropped + overlapsDropped + usersWithoutTraining + coldItems == 0) {
      return counts;
    }
    return counts
        + String.format(
            Locale.ROOT,
            "\ndropped %,d duplicates and %,d overlaps between splits;"
                + " %,d users without training items, %,d items without training users",
            duplicatesDropped,
            overlapsDropped,
            usersWithoutTraining,
            coldItems);
  }
}
