package org.concertina.report;

import java.util.List;
import org.concertina.record.Recorded;

/**
 * What one choice for one budget reached, over seeds.
 *
 * @param benchmark the experiment
 * @param data the data set
 * @param choice what was chosen, or who chose
 * @param budget as it was asked for, {@code -} for none
 * @param fileBytes mean bytes of everything that a device needs
 * @param coverage share of the items that can be recommended; all where records say nothing of it
 * @param recall Recall@20 on the split that was measured
 * @param ndcg NDCG@20 there
 * @param selection Recall@20 on the validation users who chose
 * @param confirmation Recall@20 on the validation users who did not
 * @param gap of Recall@20 to the reference of the same seed
 * @param impossible why there is no number, empty if there is one
 * @param records one a seed
 */
public record QualityRow(
    String benchmark,
    String data,
    String choice,
    String budget,
    double fileBytes,
    double coverage,
    Statistic recall,
    Statistic ndcg,
    Statistic selection,
    Statistic confirmation,
    Statistic gap,
    String impossible,
    List<Recorded> records) {}
