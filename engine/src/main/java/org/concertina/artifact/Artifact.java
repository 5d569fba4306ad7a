package org.concertina.artifact;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.concertina.block.GroupPrior;
import org.concertina.memory.CappedArena;

/**
 * A verified device artifact in memory.
 *
 * <p>Owns its memory, the size of the file, which counts against the cap it was opened with until
 * {@link #close}. Thread-safe and read-only. Whoever uses its segment after the close gets an
 * {@link IllegalStateException}.
 *
 * @see ArtifactReader#open
 */
public final class Artifact implements AutoCloseable {
  private final Path path;
  private final CappedArena arena;
  private final MemorySegment segment;
  private final ArtifactInfo info;
  private final DirectoryEntry[] directory;
  private final IdView ids;
  private final StoredUsers users;
  private boolean closed;

  /** Takes the arena over; {@code ids} and {@code users} are null if there are none. */
  Artifact(
      Path path,
      CappedArena arena,
      MemorySegment segment,
      ArtifactInfo info,
      DirectoryEntry[] directory,
      IdView ids,
      StoredUsers users) {
    this.path = path;
    this.arena = arena;
    this.segment = segment;
    this.info = info;
    this.directory = directory;
    this.ids = ids;
    this.users = users;
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** What it says about itself. */
  public ArtifactInfo info() {
    return info;
  }

  /** The whole file, read-only. */
  public MemorySegment segment() {
    return segment;
  }

  /** Offset in {@link #segment} of a group's tiles; they are laid out as the kernels want them. */
  public long rowsOffsetBytes(int group) {
    return directory[group].rowsOffset();
  }

  /** What a dot product with a group's stored elements is multiplied by to be a score. */
  public float scale(int group) {
    return directory[group].scale();
  }

  /** How the codes of a group's prior are decoded, or null if items have no prior. */
  public GroupPrior prior(int group) {
    return directory[group].prior();
  }

  /**
   * Offset in {@link #segment} of the codes of a group's prior: a signed byte a row, as many as its
   * tiles have rows. Nothing is there if the group keeps no codes, {@link ArtifactInfo#priors}.
   */
  public long priorOffsetBytes(int group) {
    return directory[group].priorOffset();
  }

  /** Whether {@link #idAtRow} and {@link #rowOfId} work. */
  public boolean hasIds() {
    return ids != null;
  }

  /**
   * External id of the item in a row. Allocates nothing.
   *
   * @throws IndexOutOfBoundsException if there is no such row, or its group is dropped
   * @throws UnsupportedOperationException if the file holds no ids
   */
  public int idAtRow(int row) {
    return ids().idAtRow(row);
  }

  /**
   * Row of an item by its external id, or -1, also if its group is dropped. Allocates nothing.
   *
   * @throws UnsupportedOperationException if the file holds no ids
   */
  public int rowOfId(long id) {
    return ids().rowOfId(id);
  }

  private IdView ids() {
    if (ids == null) {
      throw new UnsupportedOperationException(path + ": holds no item ids; export it with ids");
    }
    return ids;
  }

  /** Whether there are {@link #users}. */
  public boolean hasUsers() {
    return users != null;
  }

  /**
   * The users whose vectors the file holds.
   *
   * @throws UnsupportedOperationException if it holds none
   */
  public StoredUsers users() {
    if (users == null) {
      throw new UnsupportedOperationException(
          path + ": holds no users; pack it with users, or bring the user's vector or history");
    }
    return users;
  }

  /**
   * Frees the memory and gives its bytes back; closing again does nothing.
   *
   * @throws IllegalStateException while a foreign call uses the segment; it stays open then
   */
  @Override
  public synchronized void close() {
    if (!closed) {
      arena.close();
      closed = true;
    }
  }
}
