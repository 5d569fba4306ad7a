package org.concertina.kernel.ffm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds and opens {@code libconcertina}, or says why there is none.
 *
 * <p>Order: the absolute file named by {@code -Dconcertina.native.path}; else the class path's
 * {@code META-INF/native/linux-x86_64/libconcertina.so}, unpacked once per content. A path that was
 * asked for and cannot be used never falls through to another library. The library stays open for
 * the life of the process.
 */
public final class NativeLibrary {
  /** Names the library's file; an absolute path. */
  public static final String PATH_PROPERTY = "concertina.native.path";

  /** The library's ABI that this engine speaks. */
  public static final int ABI_VERSION = 1;

  static final String RESOURCE = "META-INF/native/linux-x86_64/libconcertina.so";

  private NativeLibrary() {}

  /** What came of looking for the library. */
  public sealed interface Result permits Loaded, Absent {}

  /**
   * The library is open.
   *
   * @param path the file
   * @param tier x86-64 level of its kernels on this processor: 1 is the baseline, 3 has AVX2
   * @param symbols its functions
   */
  public record Loaded(Path path, int tier, SymbolLookup symbols) implements Result {}

  /**
   * There is no usable library.
   *
   * @param reason one line for people
   */
  public record Absent(String reason) implements Result {}

  /** Looks for the library as the class comment says. */
  public static Result load() {
    return load(
        Optional.ofNullable(System.getProperty(PATH_PROPERTY)),
        NativeLibrary.class.getClassLoader());
  }

  static Result load(Optional<String> requestedPath, ClassLoader resources) {
    if (!NativeLibrary.class.getModule().isNativeAccessEnabled()) {
      return new Absent("native access is off; start Java with --enable-native-access=ALL-UNNAMED");
    }
    return requestedPath
        .map(path -> open(Path.of(path), ABI_VERSION))
        .orElseGet(() -> loadResource(resources));
  }

  private static Result loadResource(ClassLoader resources) {
    String platform =
        (System.getProperty("os.name") + " " + System.getProperty("os.arch"))
            .toLowerCase(Locale.ROOT);
    if (!platform.equals("linux amd64")) {
      return new Absent("no native kernels for " + platform);
    }
    try (InputStream content = resources.getResourceAsStream(RESOURCE)) {
      if (content == null) {
        return new Absent("no " + RESOURCE + " on the class path");
      }
      Path root = Path.of(System.getProperty("java.io.tmpdir"));
      return open(ExtractedFile.extract(root, "libconcertina.so", content), ABI_VERSION);
    } catch (IOException e) {
      return new Absent("cannot unpack " + RESOURCE + ": " + e);
    }
  }

  static Result open(Path path, int expectedAbi) {
    if (!path.isAbsolute()) {
      return new Absent(PATH_PROPERTY + ": expected an absolute path, got " + path);
    }
    if (!Files.isRegularFile(path)) {
      return new Absent(PATH_PROPERTY + ": no such file: " + path);
    }
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(path, Arena.global());
    } catch (IllegalArgumentException e) {
      return new Absent("cannot open " + path + ": " + e.getMessage());
    }
    Optional<Integer> abi = callIntFunction(symbols, "cnct_abi_version");
    if (abi.isEmpty() || abi.get() != expectedAbi) {
      String found = abi.map(version -> "ABI " + version).orElse("no cnct_abi_version");
      return new Absent(path + ": expected ABI " + expectedAbi + ", found " + found);
    }
    int tier = callIntFunction(symbols, "cnct_active_tier").orElse(1);
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
