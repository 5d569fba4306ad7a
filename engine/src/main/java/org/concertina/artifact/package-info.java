/**
 * The device artifact: one file that holds what a device keeps of the item table.
 *
 * <p>Enters: the trained table, its prior if it has one, a row order, an elastic configuration,
 * optional external ids, optional vectors of the users. Leaves: a verified {@link
 * org.concertina.artifact.Artifact}. Invariants: the file's size is exactly what {@link
 * org.concertina.block.ArtifactLayout} says; a wrong byte anywhere is a named {@link
 * org.concertina.artifact.ArtifactFormatException} at opening and never a wrong score; padding is
 * zero.
 *
 * <h2>Format versions 1 to 5</h2>
 *
 * <p>Version 2 is version 1 with int4 groups, with a prior, or with both; version 3 is version 2
 * with groups that keep one prior for all of their rows, or nothing at all; version 4 is version 3
 * with users; version 5 is version 4 with int2 groups. A file is written in the oldest version that
 * can say what it holds, so whatever has none of these stays readable to engines that know version
 * 1 alone; those refuse the others as too new. A new precision code within version 1 they would
 * have called damage.
 *
 * <p>Little-endian. Up to five sections in this order, each at a multiple of 64 bytes, without
 * gaps:
 *
 * <pre>
 * header | directory | rows | item ids (if flag bit 0 is set) | users (if flag bit 2 is set) | end
 * </pre>
 *
 * <p>Header, 256 bytes. Magic, version and header checksum stand at the same place in every
 * version, so that any reader tells a damaged file from a newer one.
 *
 * <table>
 * <caption>Header</caption>
 * <tr><th>offset</th><th>type</th><th>field</th><th>value</th></tr>
 * <tr><td>0</td><td>byte[4]</td><td>magic</td><td>{@code CNCT}</td></tr>
 * <tr><td>4</td><td>int32</td><td>format version</td><td>1; 2 if a group is int4 or items have a prior; 3 if a group has one prior for all rows or is dropped; 4 if there are users; 5 if a group is int2</td></tr>
 * <tr><td>8</td><td>int32</td><td>flags</td><td>bit 0: item ids present; bit 1, from version 2 on: items have a prior; bit 2, from version 4 on: users present; others zero, refused if set</td></tr>
 * <tr><td>12</td><td>int32</td><td>header bytes</td><td>256</td></tr>
 * <tr><td>16</td><td>int64</td><td>file bytes</td><td>size of the whole file</td></tr>
 * <tr><td>24</td><td>int32</td><td>items</td><td>I, at least 1</td></tr>
 * <tr><td>28</td><td>int32</td><td>groups</td><td>G, 1 to I</td></tr>
 * <tr><td>32</td><td>int32</td><td>blocks</td><td>N, 1 to 64</td></tr>
 * <tr><td>36</td><td>int32</td><td>blockDim</td><td>b, at least 1; N*b at most 2^20</td></tr>
 * <tr><td>40</td><td>int64</td><td>directory offset</td><td>256</td></tr>
 * <tr><td>48</td><td>int64</td><td>directory bytes</td><td>64 * G</td></tr>
 * <tr><td>56</td><td>int64</td><td>rows offset</td><td>256 + 64 * G</td></tr>
 * <tr><td>64</td><td>int64</td><td>rows bytes</td><td>sum of the groups' rows and priors, padding included</td></tr>
 * <tr><td>72</td><td>int64</td><td>ids offset</td><td>rows offset + rows bytes</td></tr>
 * <tr><td>80</td><td>int64</td><td>ids bytes</td><td>without the padding to 64 behind it; 0 for no ids</td></tr>
 * <tr><td>88</td><td>int64</td><td>data hash</td><td>provenance: the interactions</td></tr>
 * <tr><td>96</td><td>int64</td><td>model hash</td><td>provenance: the trained table and its settings</td></tr>
 * <tr><td>104</td><td>int64</td><td>seed</td><td>provenance</td></tr>
 * <tr><td>112</td><td>byte[16]</td><td>engine version</td><td>printable ASCII, zero padded</td></tr>
 * <tr><td>128</td><td>int32</td><td>directory CRC32C</td><td></td></tr>
 * <tr><td>132</td><td>int32</td><td>rows CRC32C</td><td>padding included</td></tr>
 * <tr><td>136</td><td>int32</td><td>ids CRC32C</td><td>padding included; 0 for no ids</td></tr>
 * <tr><td>140</td><td>int32</td><td>users CRC32C</td><td>padding included; 0 for no users, as are the next five</td></tr>
 * <tr><td>144</td><td>int64</td><td>users offset</td><td>ids offset + ids bytes, rounded up to 64</td></tr>
 * <tr><td>152</td><td>int64</td><td>users bytes</td><td>without the padding to 64 behind it</td></tr>
 * <tr><td>160</td><td>int32</td><td>users</td><td>U, at least 1</td></tr>
 * <tr><td>164</td><td>int32</td><td>precision code of users</td><td>1 fp32, 2 int8</td></tr>
 * <tr><td>168</td><td>int32</td><td>code of user ids</td><td>0 none, 1 the row numbers 0 to U - 1, 2 encoded</td></tr>
 * <tr><td>172</td><td>byte[80]</td><td>reserved</td><td>zero</td></tr>
 * <tr><td>252</td><td>int32</td><td>header CRC32C</td><td>of bytes 0 to 251</td></tr>
 * </table>
 *
 * <p>Directory: one entry of 64 bytes a group. Row ranges are contiguous from 0 and cover all
 * items. A dropped group has a block mask of zero and no bytes in any other section but the header
 * of its ids; its rows keep their numbers.
 *
 * <table>
 * <caption>Directory entry</caption>
 * <tr><th>offset</th><th>type</th><th>field</th><th>value</th></tr>
 * <tr><td>0</td><td>int32</td><td>first row</td><td>end of the group before</td></tr>
 * <tr><td>4</td><td>int32</td><td>rows</td><td>n, at least 1</td></tr>
 * <tr><td>8</td><td>int64</td><td>block mask</td><td>within N bits; k = kept blocks * b; from version 3 on 0 for a dropped group, but not in all entries</td></tr>
 * <tr><td>16</td><td>int32</td><td>precision code</td><td>1 fp32, 2 int8, from version 2 on 3 int4, from version 5 on 4 int2; 0 for a dropped group</td></tr>
 * <tr><td>20</td><td>float32</td><td>scale</td><td>dot product to score; finite, above 0; 1 for int4, int2 and a dropped group</td></tr>
 * <tr><td>24</td><td>int64</td><td>rows offset</td><td>from the start of the file; end of the group before, its prior included</td></tr>
 * <tr><td>32</td><td>int64</td><td>rows bytes</td><td>ceil(n/16) * 16 * (4 * k, k, 2 * ceil(k/4), or 2 * ceil(k/8)), rounded up to 64</td></tr>
 * <tr><td>40</td><td>int64</td><td>prior offset</td><td>with flag bit 1: from the start of the file; end of the group's rows; else zero</td></tr>
 * <tr><td>48</td><td>float32</td><td>prior scale</td><td>with flag bit 1: finite, at least 0, and from version 3 on 0 if there are no codes, as in a dropped group; else zero</td></tr>
 * <tr><td>52</td><td>float32</td><td>prior base</td><td>with flag bit 1: finite, and so are base - 127 * scale and base + 127 * scale; 0 for a dropped group; else zero</td></tr>
 * <tr><td>56</td><td>byte[8]</td><td>reserved</td><td>zero</td></tr>
 * </table>
 *
 * <p>Rows of a group: tiles of 16 rows, dimension-major within a tile. Element {@code k} of row
 * {@code 16 * t + r} is element {@code (t * dims + k) * 16 + r}, a float32 or a signed byte in
 * [-127, 127]. Rows behind the last one and the bytes up to the multiple of 64 are zero.
 *
 * <p>Rows of an int4 group: as above, with a 16-bit word in place of an element and {@code dims =
 * ceil(k/4)} words a row. Code {@code 4 * m + j} of a row stands in bits {@code 12 - 4 * j} to
 * {@code 15 - 4 * j} of its word {@code m}, in two's complement and in [-7, 7]; so the word's
 * second byte holds the first two codes, the first of them in its upper half. Codes behind the last
 * dimension are zero. A row is its codes divided by their norm, which is not stored: score = dot
 * product of query and codes, times {@code 1 / sqrt(max(1, sum of the squared codes))}, all in
 * float32, sums in the order of the dimensions.
 *
 * <p>Rows of an int2 group: as those of int4, with {@code ceil(k/8)} words a row. Code {@code 8 * m
 * + j} stands in bits {@code 14 - 2 * j} and {@code 15 - 2 * j} of word {@code m}, as a number t in
 * [-2, 1] in two's complement, and is {@code 2 * t + 1}: -3, -1, 1 or 3. Bits behind the last
 * dimension are zero and stand for no code. Two bits have no zero: a row of zeros is written as one
 * of ones.
 *
 * <p>Prior of a group, with flag bit 1 and unless there are no codes: a signed byte in [-127, 127]
 * for each of its rows, then zeros up to {@code ceil(n/16) * 16} bytes rounded up to 64. A row's
 * prior is {@code fma(prior scale, code, prior base)} in float32, and the prior base without codes.
 * Score = what it is without a prior for the user's vector divided by its norm, plus the prior.
 *
 * <p>Item ids: ids of a group ascend with its rows, so they are an Elias-Fano sequence (P. Elias,
 * JACM 1974; R. Fano, MIT 1971): about 2 + log2(range / n) bits each. First 8 bytes a group, zeros
 * if it is dropped, then the words of the groups that are not, group after group:
 *
 * <table>
 * <caption>Item ids of a group of n rows</caption>
 * <tr><th>where</th><th>type</th><th>field</th><th>value</th></tr>
 * <tr><td>8 * g</td><td>int32</td><td>first id</td><td>id of the group's first row</td></tr>
 * <tr><td>8 * g + 4</td><td>int32</td><td>last id</td><td>id of its last row; u = last id - first id</td></tr>
 * <tr><td>words</td><td>int64[ceil(n * l / 64)]</td><td>lower bits</td>
 * <td>{@code (id - first id) mod 2^l} of every row, from bit 0 up</td></tr>
 * <tr><td>words</td><td>int64[ceil((n + h) / 64)]</td><td>upper bits</td>
 * <td>bit {@code floor((id - first id) / 2^l) + i} is set for row i of the group</td></tr>
 * </table>
 *
 * <p>Here {@code l = floor(log2(u / n))}, or 0 if u is below n, and {@code h = floor(u / 2^l)}.
 * Unused bits of the last words are zero.
 *
 * <p>Users, with flag bit 2: first their vectors, one row a user without gaps, in the order of
 * ascending user ids. Element {@code k} of row {@code r} is element {@code r * N * b + k}, a
 * float32 or a signed byte in [-127, 127]. All blocks are there, whatever groups keep. The norm of
 * a float32 row is finite and at most 10^30. Only the direction of a vector matters to a score, so
 * rows of bytes have no scale: the vector is the bytes themselves. They are written as {@code
 * rint(value * 127 / largest)} in float64, largest being the largest magnitude of the row. A row of
 * zeros is a user of whom nothing is known.
 *
 * <p>User ids, if they are encoded: zeros up to a multiple of 64 from the section's start, then an
 * id section as that of the items, in which rows {@code 4096 * g} to {@code 4096 * g + 4095} are
 * group {@code g} and none is dropped. Ids ascend from group to group too.
 */
package org.concertina.artifact;
