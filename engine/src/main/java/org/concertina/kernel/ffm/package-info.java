/**
 * The bridge to the optional native kernels, through the Foreign Function and Memory API.
 *
 * <p>Enters: off-heap segments whose owner is elsewhere. Leaves: results in segments of the caller.
 * Invariants: this is the only package that looks up foreign symbols; every size is checked in Java
 * before a foreign function sees it; nothing here is needed, since each native kernel has a Java
 * twin, and where the library is absent there is a reason in words.
 *
 * <p>A kernel is native because it was measured to beat its Java twin by 1.15x and more over a
 * whole user, product or catalogue: BPR and sparse products, since C can fetch rows ahead of their
 * use and Java cannot; tiles of four-bit codes, since their squares are summed as bytes; screening,
 * since the Vector API has no products of bytes; matrix products by vectors of 256 bits, since the
 * Vector API checks every load of a tile. Exact tiles of bytes and scans gained less and stay in
 * Java; {@code results} has the figures.
 *
 * <p>Which tier runs is decided when the library is loaded: the highest that processor and
 * operating system run, capped by {@code -Dconcertina.native.tier}. Kernels without the bits of
 * fused multiply-adds on the lowest tier are not there, and the Java twin does their work: the
 * family of another provider, kept as it is.
 */
package org.concertina.kernel.ffm;
