/**
 * The bridge to the optional native kernels, through the Foreign Function and Memory API.
 *
 * <p>Enters: off-heap segments whose owner is elsewhere. Leaves: results in segments of the caller.
 * Invariants: this is the only package that looks up foreign symbols; every size is checked in Java
 * before a foreign function sees it; nothing here is needed, since each native kernel has a Java
 * twin, and where the library is absent there is a reason in words.
 */
package org.concertina.kernel.ffm;
