package org.concertina.kernel.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.concertina.kernel.ffm.NativeLibrary.Absent;
import org.concertina.kernel.ffm.NativeLibrary.Loaded;
import org.junit.jupiter.api.Test;

class NativeLibraryNativeTest {
  private static final Path BUILT = Path.of(System.getProperty("concertina.test.library"));

  @Test
  void loadsFromTheClassPath() throws IOException {
    Loaded loaded = assertInstanceOf(Loaded.class, NativeLibrary.load());

    assertEquals(-1, Files.mismatch(BUILT, loaded.path()));
    assertTrue(Set.of(1, 3).contains(loaded.tier()), "tier " + loaded.tier());
    assertTrue(NativeKernels.status().startsWith("native kernels x86-64-v" + loaded.tier()));
    assertTrue(NativeKernels.find().isPresent());
  }

  @Test
  void loadsFromARequestedPath() {
    NativeLibrary.Result result =
        NativeLibrary.load(Optional.of(BUILT.toString()), getClass().getClassLoader());

    assertEquals(BUILT, assertInstanceOf(Loaded.class, result).path());
  }

  @Test
  void refusesAnotherAbi() {
    Absent absent = assertInstanceOf(Absent.class, NativeLibrary.open(BUILT, 99));

    assertEquals(BUILT + ": expected ABI 99, found ABI 1", absent.reason());
  }

  @Test
  void exportsTheInterfaceAndNothingElse() throws IOException {
    ElfFile elf = ElfFile.read(BUILT);

    assertEquals(ElfFile.MACHINE_X86_64, elf.machine());
    assertEquals(
        Set.of(
            "cnct_abi_version",
            "cnct_active_tier",
            "cnct_dot_rows_f32",
            "cnct_dot_rows_f32_v1",
            "cnct_dot_rows_f32_v3"),
        elf.exportedSymbols());
  }
}
