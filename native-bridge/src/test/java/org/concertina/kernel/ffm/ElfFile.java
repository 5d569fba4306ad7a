package org.concertina.kernel.ffm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** What a 64-bit little-endian ELF library says about itself; System V ABI, chapter 4. */
record ElfFile(int machine, Set<String> exportedSymbols) {
  static final int MACHINE_X86_64 = 62;

  private static final int SECTION_DYNSYM = 11;
  private static final int SYMBOL_BYTES = 24;

  static ElfFile read(Path path) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    if (file.getInt(0) != 0x464C457F || file.get(4) != 2 || file.get(5) != 1) {
      throw new IOException(path + " is not 64-bit little-endian ELF");
    }
    int sections = (int) file.getLong(0x28);
    int sectionBytes = file.getShort(0x3A);
    int sectionCount = file.getShort(0x3C);
    Set<String> exported = new TreeSet<>();
    for (int i = 0; i < sectionCount; i++) {
      int header = sections + i * sectionBytes;
      if (file.getInt(header + 4) == SECTION_DYNSYM) {
        int linked = sections + file.getInt(header + 0x28) * sectionBytes;
        int names = (int) file.getLong(linked + 0x18);
        int first = (int) file.getLong(header + 0x18);
        int end = first + (int) file.getLong(header + 0x20);
        for (int symbol = first; symbol < end; symbol += SYMBOL_BYTES) {
          boolean defined = file.getShort(symbol + 6) != 0;
          boolean global = (file.get(symbol + 4) >> 4) == 1;
          if (defined && global) {
            exported.add(text(file, names + file.getInt(symbol)));
          }
        }
      }
    }
    return new ElfFile(file.getShort(0x12), exported);
  }

  private static String text(ByteBuffer file, int start) {
    int end = start;
    while (file.get(end) != 0) {
      end++;
    }
    return StandardCharsets.US_ASCII.decode(file.slice(start, end - start)).toString();
  }
}
