package org.concertina.ingest;

import java.util.List;

/**
 * What was read and made of it.
 *
 * @param textBytes bytes of text read, unpacked
 * @param interactionsRead before any cleaning
 * @param steps what each step left
 * @param userNames whether users are named by text, not by numbers
 * @param itemNames likewise for items
 * @param trainInteractions pairs for training
 * @param validationInteractions pairs for validation
 * @param testInteractions pairs for test
 * @param dataHash identifies interactions and split
 * @param readSeconds until all text was parsed
 * @param seconds until the file was written
 * @param peakOffHeapBytes the most off-heap memory at once
 * @param resultBytes size of the data file
 */
public record IngestReport(
    long textBytes,
    long interactionsRead,
    List<CleaningStep> steps,
    int users,
    int items,
    boolean userNames,
    boolean itemNames,
    long trainInteractions,
    long validationInteractions,
    long testInteractions,
    long dataHash,
    double readSeconds,
    double seconds,
    long peakOffHeapBytes,
    long resultBytes) {}
