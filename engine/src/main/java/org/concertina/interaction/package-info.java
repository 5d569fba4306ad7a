/**
 * Interactions: reading, id maps, splits, and their off-heap form.
 *
 * <p>Enters: a directory with {@code train.txt[.gz]} and optionally {@code valid.txt[.gz]} and
 * {@code test.txt[.gz]}, one line a user ({@code user item item ...}), or a data file. Leaves:
 * {@link org.concertina.interaction.InteractionData}, three CSR matrices over dense ids.
 *
 * <p>Invariants: users are indexed from 0 by ascending external id; items are indexed from 0 by
 * descending training popularity, ties by ascending external id, so that an item's index is its
 * popularity rank; a row's items ascend and are distinct; no pair is in two splits; popularity is
 * counted on the training matrix that leaves, never on held-out interactions; only {@link
 * org.concertina.interaction.InteractionData#withValidationInTrain} keeps the order of the items
 * that it was made from. What was read does not depend on the order of lines, on compression, or on
 * the platform.
 *
 * <h2>Data file, format version 1</h2>
 *
 * <p>{@link org.concertina.interaction.DataFileWriter} writes it, {@link
 * org.concertina.interaction.InteractionReader} maps it. Little-endian. A header, a directory, and
 * the sections that the directory names, in its order, without gaps; directory's end and sections
 * are padded with zeros to a multiple of 64 bytes. A wrong byte anywhere, and whatever breaks the
 * rules below, is a named error at opening.
 *
 * <table>
 * <caption>Header, 256 bytes</caption>
 * <tr><th>offset</th><th>type</th><th>field</th><th>value</th></tr>
 * <tr><td>0</td><td>byte[4]</td><td>magic</td><td>{@code CNIX}</td></tr>
 * <tr><td>4</td><td>int32</td><td>format version</td><td>1</td></tr>
 * <tr><td>8</td><td>int32</td><td>header bytes</td><td>256</td></tr>
 * <tr><td>12</td><td>int32</td><td>sections</td><td>S, entries of the directory</td></tr>
 * <tr><td>16</td><td>int64</td><td>file bytes</td><td>size of the whole file</td></tr>
 * <tr><td>24</td><td>int32</td><td>users</td><td>U, at least 1</td></tr>
 * <tr><td>28</td><td>int32</td><td>items</td><td>I, at least 1</td></tr>
 * <tr><td>32</td><td>int64</td><td>training pairs</td><td>N</td></tr>
 * <tr><td>40</td><td>int64</td><td>validation pairs</td><td>0 without the sections</td></tr>
 * <tr><td>48</td><td>int64</td><td>test pairs</td><td>0 without the sections</td></tr>
 * <tr><td>56</td><td>int64</td><td>data hash</td><td>of pairs, ids, names and split; see {@link
 * org.concertina.interaction.CanonicalData#hash}</td></tr>
 * <tr><td>64</td><td>int64</td><td>duplicates</td><td>repetitions dropped within a split</td></tr>
 * <tr><td>72</td><td>int64</td><td>overlaps</td><td>pairs dropped because an earlier split has
 * them</td></tr>
 * <tr><td>80</td><td>int32</td><td>directory CRC32C</td><td>padding included</td></tr>
 * <tr><td>84</td><td>byte[168]</td><td>reserved</td><td>zero</td></tr>
 * <tr><td>252</td><td>int32</td><td>header CRC32C</td><td>of bytes 0 to 251</td></tr>
 * </table>
 *
 * <table>
 * <caption>Directory entry, 32 bytes, by ascending kind</caption>
 * <tr><th>offset</th><th>type</th><th>field</th><th>value</th></tr>
 * <tr><td>0</td><td>int32</td><td>kind</td><td>see below</td></tr>
 * <tr><td>4</td><td>int32</td><td>CRC32C</td><td>of the section, without padding</td></tr>
 * <tr><td>8</td><td>int64</td><td>offset</td><td>from the start of the file; padded end of the
 * section before, or of the directory</td></tr>
 * <tr><td>16</td><td>int64</td><td>bytes</td><td>without padding</td></tr>
 * <tr><td>24</td><td>byte[8]</td><td>reserved</td><td>zero</td></tr>
 * </table>
 *
 * <table>
 * <caption>Sections</caption>
 * <tr><th>kind</th><th>type</th><th>content</th></tr>
 * <tr><td>1</td><td>int32[U]</td><td>external user ids, ascending</td></tr>
 * <tr><td>2</td><td>int32[I]</td><td>external item ids by item index</td></tr>
 * <tr><td>3, 4</td><td>int64[U + 1], int32[N]</td><td>training pairs by user: row pointers from 0,
 * item indices ascending in a row</td></tr>
 * <tr><td>5, 6</td><td>int64[I + 1], int32[N]</td><td>the same pairs by item: row pointers, user
 * indices ascending in a row; rows do not grow from one item to the next</td></tr>
 * <tr><td>7, 8</td><td>as 3, 4</td><td>validation pairs; without them, a share of the training
 * pairs is held out when the file is read</td></tr>
 * <tr><td>9, 10</td><td>as 3, 4</td><td>test pairs; may be missing</td></tr>
 * <tr><td>11, 12</td><td>int64[U + 1], byte[]</td><td>names of users, where ids are not numbers:
 * name n, of external id n, is the UTF-8 from offset n to offset n + 1; ascending by unsigned
 * bytes</td></tr>
 * <tr><td>13, 14</td><td>int64[I + 1], byte[]</td><td>names of items, likewise</td></tr>
 * <tr><td>15</td><td>byte[]</td><td>provenance: UTF-8 JSON of files, cleaning and split</td></tr>
 * </table>
 */
package org.concertina.interaction;
