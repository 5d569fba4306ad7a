/**
 * Public data sets: where they are, on what terms, what they should be, and how they get here.
 *
 * <p>Enters: the manifest {@code catalogue.json}. Leaves: a folder of the source's own files,
 * checked against checksums and counts. No data is part of the project, and the terms of a set are
 * a matter between its source and the user. What is not known of a set is absent from the manifest
 * and said to be unchecked, never assumed.
 */
package org.concertina.datasets.catalogue;
