/**
 * {@link org.concertina.kernel.VectorOps} in the JDK Vector API; the only package that imports the
 * incubator.
 *
 * <p>Vectors live in locals of one method, because a vector that escapes is boxed. The matrix
 * product keeps a 6 x 2 tile of accumulators: 8 x 2 and 4 x 4 tiles exceed what C2 inlines and ran
 * ten times slower (9 against 90 GFLOP/s at 512 bits, 8 against 80 at 256), 4 x 2 leaves half of
 * the multiply-add ports idle.
 */
package org.concertina.kernel.panama;
