package org.concertina.artifact;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.util.BitSet;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.Precision;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/** Writes the users' vectors and ids of an artifact, one vector at a time. Stateless. */
final class UserSectionWriter {
  private UserSectionWriter() {}

  /**
   * Appends the section; returns its checksum.
   *
   * @throws IllegalArgumentException if a vector is not finite or too long
   */
  static int write(UserVectors users, UserSection section, FileChannel channel, CappedArena arena)
      throws IOException {
    FloatTable table = users.vectors();
    SectionStream out = new SectionStream(channel, arena, section.rowBytes());
    for (int row = 0; row < section.users(); row++) {
      checkVector(table, row, users.ids());
      long at = out.takeZeroed(section.rowBytes());
      if (section.precision() == Precision.FP32) {
        MemorySegment.copy(
            table.segment(), table.rowOffsetBytes(row), out.buffer(), at, section.rowBytes());
      } else {
        UserCodes.encode(
            table.segment(), table.rowOffsetBytes(row), section.dim(), out.buffer(), at);
      }
    }
    out.takeZeroed(section.idsOffset() - section.vectorBytes());
    if (section.ids() == UserIds.ENCODED) {
      MemorySegment ids = arena.allocate(ArtifactLayout.align(section.idBytes()), "user ids");
      IdCodec.encode(UserSection.order(users.ids()), users.ids(), new BitSet(), ids, 0);
      out.append(ids, 0, ids.byteSize());
    }
    return out.finish();
  }

  private static void checkVector(FloatTable table, int row, int[] ids) {
    double norm =
        StoredUsers.norm(
            table.segment(), ValueLayout.JAVA_FLOAT, table.rowOffsetBytes(row), table.dim());
    if (!(norm <= StoredUsers.MAX_NORM)) {
      throw new IllegalArgumentException(
          "users: expected finite floats and norms of at most %s, got norm %s for %s"
              .formatted(
                  StoredUsers.MAX_NORM,
                  norm,
                  ids == null ? "the user of row " + row : "user " + ids[row]));
    }
  }
}
