package org.concertina.kernel;

import org.concertina.kernel.ffm.NativeVectorOps;
import org.concertina.kernel.panama.PanamaVectorOps;
import org.concertina.kernel.scalar.ScalarVectorOps;

/**
 * Chooses the {@link VectorOps} of this JVM, once.
 *
 * <p>{@code auto} takes the Vector API when its incubator module is there, with native kernels for
 * the operations that they were measured to do faster, and falls back to scalar code otherwise; the
 * reason is kept for logs. A provider that was asked for by name and cannot run throws.
 *
 * <p>Operations that say "bit-exact" give the same bits whoever does them. BPR's do not: like the
 * width of the vectors, the native kernels are part of what "same provider" means when a training
 * run is to be repeated to the bit.
 */
public final class VectorOpsProvider {
  /** The chosen operations and why they were chosen. */
  private record Choice(VectorOps ops, String reason) {}

  private static final String WITHOUT_MODULE = "start Java with --add-modules=jdk.incubator.vector";

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
    return switch (flags.provider()) {
      case "scalar" -> new Choice(ScalarVectorOps.create(), "-Dconcertina.provider=scalar");
      case "panama" -> new Choice(panama("panama"), "JDK Vector API");
      case "native" -> named(panama("native"));
      default -> automatic();
    };
  }

  private static VectorOps panama(String asked) {
    try {
      return PanamaVectorOps.create();
    } catch (LinkageError missingModule) {
      throw new IllegalStateException(
          "-Dconcertina.provider=" + asked + " cannot run: " + WITHOUT_MODULE, missingModule);
    }
  }

  private static Choice named(VectorOps panama) {
    if (!NativeVectorOps.available()) {
      throw new IllegalStateException(
          "-Dconcertina.provider=native cannot run: " + NativeVectorOps.status());
    }
    return natively(panama);
  }

  private static Choice natively(VectorOps panama) {
    return new Choice(
        NativeVectorOps.create(panama),
        NativeVectorOps.status() + "; " + panama.name() + " for the rest");
  }

  private static Choice automatic() {
    VectorOps panama;
    try {
      panama = PanamaVectorOps.create();
    } catch (LinkageError missingModule) {
      // The incubator module is absent unless the JVM was started with --add-modules; nothing else
      // links lazily here.
      return new Choice(
          ScalarVectorOps.create(), "the Vector API is not there (10x slower): " + WITHOUT_MODULE);
    }
    if (NativeVectorOps.available()) {
      return natively(panama);
    }
    if (NativeVectorOps.broken()) {
      System.getLogger(VectorOpsProvider.class.getPackageName())
          .log(
              System.Logger.Level.WARNING,
              "{0}; the Vector API takes their place",
              NativeVectorOps.status());
    }
    return new Choice(panama, "JDK Vector API; " + NativeVectorOps.status());
  }
}
