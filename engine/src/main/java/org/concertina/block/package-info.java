/**
 * The block table and what a device keeps of it.
 *
 * <p>Enters: a trained table of {@code items x dim} floats, a row being {@code blocks} blocks of
 * {@code blockDim} floats, items by descending training popularity. Leaves: elastic configurations
 * (for every group of items a set of blocks and a precision), their exact cost in bytes, and the
 * rows they keep.
 *
 * <p>Invariants: item indices are popularity ranks; groups are contiguous ranges of them; within a
 * group, packed rows stand in the order of the items' external ids, which makes ids cost 6 bits
 * each instead of 32. A dropped group's items keep their row numbers, but nothing else: no rows, no
 * prior, no ids. A kept row is restricted to its blocks and divided by the norm of what is left, so
 * that serving is a plain dot product. Equal scores rank by lower row. int8 rows share one scale a
 * group: unit-normed rows of one group have like ranges, and a scale a row would cost four bytes on
 * a row of eight. int4 and int2 rows have one each that costs nothing: they are normalised when
 * they are scored. Rows of one bit, {@link org.concertina.block.NarrowCodes}, are measured and
 * trained with, but no artifact holds them. A prior of the items is a byte a row: of a score it is
 * one addend, so its rounding matters as little as that of one dimension.
 */
package org.concertina.block;
