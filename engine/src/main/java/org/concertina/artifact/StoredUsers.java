package org.concertina.artifact;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.BitSet;
import org.concertina.block.Precision;

/**
 * The users of an artifact: their vectors, and their rows by id.
 *
 * <p>A view: the {@link Artifact} owns the memory, and whoever asks after its close gets an {@link
 * IllegalStateException}. Thread-safe; allocates nothing. Users stand in the order of their ids.
 */
public final class StoredUsers {
  /** Largest norm of a user's vector: keeps every partial sum of a score finite. */
  public static final float MAX_NORM = 1e30f;

  private final Path file;
  private final MemorySegment section;
  private final UserSection layout;

  /** Null unless ids are encoded. */
  private final IdView ids;

  private StoredUsers(Path file, MemorySegment section, UserSection layout, IdView ids) {
    this.file = file;
    this.section = section;
    this.layout = layout;
    this.ids = ids;
  }

  /**
   * Verifies a section and looks into it.
   *
   * @param section with the padding behind it
   */
  static StoredUsers open(MemorySegment section, UserSection layout, Faults faults)
      throws ArtifactCorruptException {
    IdView ids =
        layout.ids() == UserIds.ENCODED
            ? new IdView(
                section.asSlice(layout.idsOffset(), layout.idBytes()),
                UserSection.groups(layout.users()),
                new BitSet())
            : null;
    StoredUsers users = new StoredUsers(faults.file(), section, layout, ids);
    users.verify(faults);
    return users;
  }

  /** How many. */
  public int count() {
    return layout.users();
  }

  /** Whether {@link #idAtRow} and {@link #rowOfId} work. */
  public boolean hasIds() {
    return layout.ids() != UserIds.NONE;
  }

  /**
   * External id of the user in a row.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   * @throws UnsupportedOperationException if the file holds no user ids
   */
  public int idAtRow(int row) {
    checkIds();
    checkRow(row);
    return ids == null ? row : ids.idAtRow(row);
  }

  /**
   * Row of a user by the external id, or -1.
   *
   * @throws UnsupportedOperationException if the file holds no user ids
   */
  public int rowOfId(long id) {
    checkIds();
    if (ids != null) {
      return ids.rowOfId(id);
    }
    return id >= 0 && id < count() ? (int) id : -1;
  }

  /**
   * Copies a user's vector: the stored floats, or the codes of int8, whose norm is not 1.
   *
   * @param out receives d floats from the offset on, at any alignment
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public void copyVector(int row, MemorySegment out, long offsetBytes) {
    checkRow(row);
    long at = row * layout.rowBytes();
    if (layout.precision() == Precision.FP32) {
      MemorySegment.copy(section, at, out, offsetBytes, layout.rowBytes());
    } else {
      UserCodes.decode(section, at, layout.dim(), out, offsetBytes);
    }
  }

  private void checkRow(int row) {
    if (row < 0 || row >= count()) {
      throw new IndexOutOfBoundsException(
          "userRow: expected 0 to %d, got %d".formatted(count() - 1, row));
    }
  }

  private void checkIds() {
    if (!hasIds()) {
      throw new UnsupportedOperationException(
          file + ": holds no user ids; pack it with ids, or go by the users' rows");
    }
  }

  private void verify(Faults faults) throws ArtifactCorruptException {
    for (int row = 0; row < count(); row++) {
      long at = row * layout.rowBytes();
      if (layout.precision() == Precision.FP32) {
        double norm = norm(section, ArtifactFormat.FLOAT, at, layout.dim());
        if (!(norm <= MAX_NORM)) {
          throw faults.corrupt(
              "vector of user row " + row, "finite floats, a norm of at most " + MAX_NORM, norm);
        }
      } else {
        checkCodes(row, at, faults);
      }
    }
    if (ids != null) {
      ids.verify(layout.idBytes(), faults.within("user "));
      for (int row = UserSection.GROUP_USERS; row < count(); row += UserSection.GROUP_USERS) {
        if (ids.idAtRow(row) <= ids.idAtRow(row - 1)) {
          throw faults.corrupt(
              "user ids", "ascending", ids.idAtRow(row) + " in row %d".formatted(row));
        }
      }
      expectZero(layout.vectorBytes(), layout.idsOffset(), faults);
    }
    expectZero(layout.bytes(), section.byteSize(), faults);
  }

  private void expectZero(long from, long to, Faults faults) throws ArtifactCorruptException {
    faults.expectZero(
        "padding of the users", ArtifactFormat.firstNonZero(section, from, to - from));
  }

  private void checkCodes(int row, long at, Faults faults) throws ArtifactCorruptException {
    for (int k = 0; k < layout.dim(); k++) {
      if (section.get(ValueLayout.JAVA_BYTE, at + k) < -UserCodes.LARGEST_CODE) {
        throw faults.corrupt("vector of user row " + row, "codes of -127 to 127", -128);
      }
    }
  }

  /** The norm of a vector; not finite if an element is not. */
  static double norm(MemorySegment vectors, ValueLayout.OfFloat floats, long at, int dim) {
    double squared = 0;
    for (int k = 0; k < dim; k++) {
      double value = vectors.get(floats, at + (long) k * Float.BYTES);
      squared += value * value;
    }
    return Math.sqrt(squared);
  }
}
