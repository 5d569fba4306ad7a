/**
 * Off-heap memory with owners and caps.
 *
 * <p>Enters: sizes in bytes. Leaves: {@link java.lang.foreign.MemorySegment}s that are 64-byte
 * aligned, zero-filled and counted. Invariants: every off-heap byte is reserved from a {@link
 * org.concertina.memory.MemoryCap} before it is allocated and released when its {@link
 * org.concertina.memory.CappedArena} closes; the one byte too many is refused with a {@link
 * org.concertina.memory.MemoryCapExceededException}. Hosts are little-endian, as are all files.
 */
package org.concertina.memory;
