package org.concertina.baseline;

import org.concertina.memory.FloatTable;

/**
 * A compressed table. The arena that it was made in owns its rows.
 *
 * @param method what made it
 * @param settings with which settings, for people
 * @param fileBytes what a device would need, everything counted
 * @param rows what the device would compute with, not normalised
 */
public record Compressed(String method, String settings, long fileBytes, FloatTable rows) {}
