/**
 * The scalar oracle: plain Java, obviously right, never optimised; every other provider is tested
 * against it.
 */
package org.concertina.kernel.scalar;
