package org.concertina.kernel.ffm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.concertina.kernel.RuntimeFlags;

/**
 * Finds and opens {@code libconcertina}, or says why there is none.
 *
 * <p>Order: the absolute file named by {@code -Dconcertina.native.path}; else the class path's
 * {@code META-INF/native/<platform>/libconcertina.so}, unpacked once per content. A path that was
 * asked for and cannot be used never falls through to another library. The library stays open for
 * the life of the process.
 */
final class NativeLibrary {
  /** Names the library's file; an absolute path. */
  static final String PATH_PROPERTY = "concertina.native.path";

  /** The library's ABI that this engine speaks. */
  static final int ABI_VERSION = 5;

  /** Platforms, by {@code os.name} and {@code os.arch}, and their libraries. */
  private static final Map<String, String> RESOURCES =
      Map.of(
          "linux amd64", "META-INF/native/linux-x86_64/libconcertina.so",
          "linux aarch64", "META-INF/native/linux-aarch64/libconcertina.so",
          "mac os x x86_64", "META-INF/native/macos-x86_64/libconcertina.dylib",
          "mac os x aarch64", "META-INF/native/macos-aarch64/libconcertina.dylib");

  private NativeLibrary() {}

  /** What came of looking for the library. */
  sealed interface Result permits Loaded, Absent {}

  /**
   * The library is open.
   *
   * @param path the file
   * @param tier highest of its tiers that this processor runs and {@code -Dconcertina.native.tier}
   *     allows
   * @param symbols its functions
   */
  record Loaded(Path path, NativeTier tier, SymbolLookup symbols) implements Result {
    /** The kernel of the highest tier that has one. */
    Optional<MemorySegment> kernel(String name) {
      return tier.andBelow().stream()
          .flatMap(candidate -> symbols.find(name + candidate.suffix()).stream())
          .findFirst();
    }
  }

  /**
   * There is no usable library.
   *
   * @param reason one line for people
   * @param broken whether there is one, or was to be, that cannot be used
   */
  record Absent(String reason, boolean broken) implements Result {}

  /** Looks for the library as the class comment says. */
  static Result load() {
    return load(
        Optional.ofNullable(System.getProperty(PATH_PROPERTY)),
        NativeLibrary.class.getClassLoader());
  }

  static Result load(Optional<String> requestedPath, ClassLoader resources) {
    String platform =
        (System.getProperty("os.name") + " " + System.getProperty("os.arch"))
            .toLowerCase(Locale.ROOT);
    String resource = RESOURCES.get(platform);
    if (requestedPath.isEmpty()) {
      if (resource == null) {
        return new Absent("none for " + platform, false);
      }
      if (resources.getResource(resource) == null) {
        return new Absent("no " + resource + " on the class path", false);
      }
    }
    if (!NativeLibrary.class.getModule().isNativeAccessEnabled()) {
      return new Absent(
          "native access is off; start Java with --enable-native-access=ALL-UNNAMED", true);
    }
    return requestedPath
        .map(path -> open(Path.of(path), ABI_VERSION))
        .orElseGet(() -> unpackAndOpen(resources, resource));
  }

  private static Result unpackAndOpen(ClassLoader resources, String resource) {
    try (InputStream content = resources.getResourceAsStream(resource)) {
      Path root = Path.of(System.getProperty("java.io.tmpdir"));
      String fileName = resource.substring(resource.lastIndexOf('/') + 1);
      return open(ExtractedFile.extract(root, fileName, content), ABI_VERSION);
    } catch (IOException e) {
      return new Absent("cannot unpack " + resource + ": " + e, true);
    }
  }

  static Result open(Path path, int expectedAbi) {
    if (!path.isAbsolute()) {
      return new Absent(PATH_PROPERTY + ": expected an absolute path, got " + path, true);
    }
    if (!Files.isRegularFile(path)) {
      return new Absent(PATH_PROPERTY + ": no such file: " + path, true);
    }
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(path, Arena.global());
    } catch (IllegalArgumentException e) {
      return new Absent("cannot open " + path + ": " + e.getMessage(), true);
    }
    Optional<Integer> abi = callIntFunction(symbols, "cnct_abi_version");
    if (abi.isEmpty() || abi.get() != expectedAbi) {
      String found = abi.map(version -> "ABI " + version).orElse("no cnct_abi_version");
      return new Absent(path + ": expected ABI " + expectedAbi + ", found " + found, true);
    }
    int best = callIntFunction(symbols, "cnct_best_tier").orElse(0);
    String cap = RuntimeFlags.current().nativeTier();
    NativeTier tier = NativeTier.of(best, cap);
    if (tier == null) {
      String remedy = "leave out -Dconcertina.native.tier=" + cap;
      return new Absent(
          best == 0 ? "the processor is older than x86-64-v2" : remedy, !cap.equals("best"));
    }
    return new Loaded(path, tier, symbols);
  }

  private static Optional<Integer> callIntFunction(SymbolLookup symbols, String name) {
    return symbols
        .find(name)
        .map(
            address -> {
              MethodHandle handle =
                  Linker.nativeLinker()
                      .downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT));
              try {
                return (int) handle.invokeExact();
              } catch (Throwable e) {
                throw new AssertionError(name, e);
              }
            });
  }
}
