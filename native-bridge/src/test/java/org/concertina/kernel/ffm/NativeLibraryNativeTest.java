package org.concertina.kernel.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.concertina.kernel.ffm.NativeLibrary.Absent;
import org.concertina.kernel.ffm.NativeLibrary.Loaded;
import org.junit.jupiter.api.Test;

class NativeLibraryNativeTest {
  private static final Path BUILT = Path.of(System.getProperty("concertina.test.library"));

  @Test
  void loadsFromTheClassPath() throws IOException {
    Loaded loaded = assertInstanceOf(Loaded.class, NativeLibrary.load());

    assertEquals(-1, Files.mismatch(BUILT, loaded.path()));
    assertEquals(
        "native kernels " + loaded.tier() + " from " + loaded.path(), NativeVectorOps.status());
    assertTrue(NativeVectorOps.available());
    assertFalse(NativeVectorOps.broken());
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

    assertEquals(
        BUILT + ": expected ABI 99, found ABI " + NativeLibrary.ABI_VERSION, absent.reason());
  }

  @Test
  void exportsTheInterfaceAndNothingElse() throws IOException {
    ElfFile elf = ElfFile.read(BUILT);

    assertEquals(ElfFile.MACHINE_X86_64, elf.machine());
    Set<String> expected = new TreeSet<>(List.of("cnct_abi_version", "cnct_best_tier"));
    for (String tier : List.of("v2", "v3", "v4")) {
      expected.add("cnct_bpr_f32_" + tier);
      expected.add("cnct_bpr_cosine_f32_" + tier);
      if (!tier.equals("v2")) { // has no fused multiply-adds, whose bits these promise
        expected.add("cnct_score_tiles_int4_" + tier);
        expected.add("cnct_sparse_matmul_f32_" + tier);
      }
    }
    expected.add("cnct_matmul_add_f32_v3");
    for (String tier : List.of("v3", "vnni")) {
      expected.add("cnct_screen_max_sum_" + tier);
      expected.add("cnct_screen_max_byte_query_" + tier);
      expected.add("cnct_screen_tiles_int8_" + tier);
      expected.add("cnct_screen_tiles_int4_" + tier);
      expected.add("cnct_screen_tiles_int2_" + tier);
    }
    assertEquals(expected, elf.exportedSymbols());
  }
}
