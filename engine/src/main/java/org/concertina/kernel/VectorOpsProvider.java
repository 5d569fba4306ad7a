package org.concertina.kernel;

import org.concertina.kernel.panama.PanamaVectorOps;
import org.concertina.kernel.scalar.ScalarVectorOps;

/**
 * Chooses the {@link VectorOps} of this JVM, once.
 *
 * <p>{@code auto} takes the Vector API when its incubator module is there and falls back to scalar
 * code otherwise, with the reason kept for logs. A provider that was asked for by name and cannot
 * run throws.
 */
public final class VectorOpsProvider {
  /** The chosen operations and why they were chosen. */
  private record Choice(VectorOps ops, String reason) {}

  private static final Choice CHOICE = choose(RuntimeFlags.current());

  private VectorOpsProvider() {}

  /** The operations of this JVM. */
  public static VectorOps get() {
    return CHOICE.ops;
  }

  /** Why {@link #get} is what it is; for logs and the {@code info} command. */
  public static String reason() {
    return CHOICE.reason;
  }

  private static Choice choose(RuntimeFlags flags) {
    if (flags.provider().equals("scalar")) {
      return new Choice(new ScalarVectorOps(), "-Dconcertina.provider=scalar");
    }
    try {
      return new Choice(new PanamaVectorOps(), "JDK Vector API");
    } catch (LinkageError missingModule) {
      // The incubator module is absent unless the JVM was started with --add-modules; nothing else
      // links lazily here.
      String remedy = "start Java with --add-modules=jdk.incubator.vector";
      if (flags.provider().equals("panama")) {
        throw new IllegalStateException(
            "-Dconcertina.provider=panama cannot run: " + remedy, missingModule);
      }
      return new Choice(
          new ScalarVectorOps(), "the Vector API is not there (10x slower): " + remedy);
    }
  }
}
