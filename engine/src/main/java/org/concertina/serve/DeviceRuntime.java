package org.concertina.serve;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.concertina.artifact.Artifact;
import org.concertina.artifact.ArtifactInfo;
import org.concertina.artifact.ArtifactReader;
import org.concertina.artifact.StoredUsers;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;

/**
 * Serves one artifact inside a memory cap.
 *
 * <p>Owns the file in memory, and whatever recommenders and filters it made: {@link #close} closes
 * them all and gives every byte back to the cap. Thread-safe. A request that runs into the close,
 * or comes after it, throws {@link IllegalStateException}; it never reads freed memory.
 */
public final class DeviceRuntime implements AutoCloseable {
  private final MemoryCap cap;
  private final Artifact artifact;
  private final VectorOps ops;
  private final ServingPlan plan;
  private final Set<OwnedMemory> owned = new LinkedHashSet<>();
  private volatile boolean closed;

  private DeviceRuntime(MemoryCap cap, Artifact artifact, VectorOps ops) {
    this.cap = cap;
    this.artifact = artifact;
    this.ops = ops;
    this.plan = new ServingPlan(artifact, ops.screen());
  }

  /**
   * Opens and verifies an artifact.
   *
   * @param file read once; may be replaced or deleted afterwards
   * @param cap everything off-heap is taken from it: the file, then {@link #recommenderBytes} a
   *     recommender and one bit per row a filter
   * @throws org.concertina.artifact.ArtifactFormatException if the file is not a sound artifact
   * @throws org.concertina.memory.MemoryCapExceededException if the file does not fit
   */
  public static DeviceRuntime open(Path file, MemoryCap cap) throws IOException {
    return open(file, cap, VectorOpsProvider.get());
  }

  static DeviceRuntime open(Path file, MemoryCap cap, VectorOps ops) throws IOException {
    return new DeviceRuntime(cap, ArtifactReader.open(file, cap), ops);
  }

  /** What the artifact says about itself. */
  public ArtifactInfo info() {
    return artifact.info();
  }

  /** The cap that it takes its bytes from. */
  public MemoryCap cap() {
    return cap;
  }

  /** Bytes that each recommender takes from the cap. */
  public long recommenderBytes() {
    return Recommender.scratchBytes(plan);
  }

  /**
   * Makes the scratch memory and the methods of one thread; close it when the thread is done.
   *
   * @throws org.concertina.memory.MemoryCapExceededException if its scratch does not fit
   */
  public synchronized Recommender newRecommender() {
    checkOpen();
    Recommender recommender = new Recommender(this, plan, cap, ops);
    owned.add(recommender.memory());
    return recommender;
  }

  /**
   * Makes the scratch memory and the methods of one thread that answers several users at once.
   *
   * @param mostUsers of a batch, at least 1
   * @throws org.concertina.memory.MemoryCapExceededException if its scratch does not fit
   */
  public synchronized BatchRecommender newBatchRecommender(int mostUsers) {
    checkOpen();
    BatchRecommender recommender = new BatchRecommender(this, plan, cap, ops, mostUsers);
    owned.add(recommender.memory());
    return recommender;
  }

  /**
   * Makes a filter that lets all rows in; close it when nobody uses it any more.
   *
   * @throws org.concertina.memory.MemoryCapExceededException if it does not fit
   */
  public synchronized RowFilter newRowFilter() {
    checkOpen();
    RowFilter filter = new RowFilter(this, plan.items, cap);
    owned.add(filter.memory());
    return filter;
  }

  /**
   * Lets the JIT compile the request path; the first requests are slow and allocate otherwise.
   * Takes the memory of one recommender meanwhile, and about a second.
   *
   * <p>Where kernels screen, it measures the norms of int4 and int2 rows, two bytes each, and codes
   * rows of fp32 in bytes, by which requests are faster and their results the same. That takes a
   * quarter of the floats' bytes and the norms' from the cap for as long as this is open, and is
   * left out where the cap has no room for another two such artifacts.
   */
  public void warmUp() {
    prepareScreens();
    try (Recommender recommender = newRecommender()) {
      recommender.warmUp();
    }
  }

  /** Does ahead of requests what makes them faster and needs no request. */
  void prepare() {
    plan.bounds.measureAll();
    prepareScreens();
  }

  private synchronized void prepareScreens() {
    checkOpen();
    long bytes = FloatCodes.bytes(plan) + RowNorms.bytes(plan);
    long roomForTwo = 2 * (artifact.segment().byteSize() + bytes);
    if (bytes == 0 || plan.rowNorms != null || cap.limitBytes() - cap.usedBytes() < roomForTwo) {
      return;
    }
    OwnedMemory memory = new OwnedMemory(cap);
    try {
      FloatCodes codes = new FloatCodes(plan, memory.arena());
      plan.rowNorms = new RowNorms(plan, memory.arena());
      plan.floatCodes = codes;
      owned.add(memory);
    } catch (MemoryCapExceededException taken) {
      // Somebody else had what was left; requests do without.
      memory.close();
    } catch (RuntimeException | Error failure) {
      memory.close();
      throw failure;
    }
  }

  /** Whether the artifact holds external ids. */
  public boolean hasItemIds() {
    return artifact.hasIds();
  }

  /**
   * External id of the item in a row; allocates nothing.
   *
   * @throws IndexOutOfBoundsException if there is no such row, or its group is dropped
   * @throws UnsupportedOperationException if the artifact holds no ids
   */
  public int itemIdAtRow(int row) {
    return artifact.idAtRow(row);
  }

  /**
   * Row of an item by its external id, -1 if it is unknown or its group dropped; allocates nothing.
   *
   * @throws UnsupportedOperationException if the artifact holds no ids
   */
  public int rowOfItemId(long id) {
    return artifact.rowOfId(id);
  }

  /**
   * Converts ids to rows, -1 for an unknown one; both arrays may be the same. Allocates nothing.
   *
   * @param n how many
   */
  public void rowsOfItemIds(int[] ids, int n, int[] outRows) {
    for (int i = 0; i < n; i++) {
      outRows[i] = artifact.rowOfId(ids[i]);
    }
  }

  /**
   * Converts rows to ids; both arrays may be the same. Allocates nothing.
   *
   * @param n how many
   */
  public void itemIdsAtRows(int[] rows, int n, int[] outIds) {
    for (int i = 0; i < n; i++) {
      outIds[i] = artifact.idAtRow(rows[i]);
    }
  }

  /** How many users' vectors the artifact holds; 0 for none. */
  public int users() {
    return artifact.hasUsers() ? artifact.users().count() : 0;
  }

  /** Whether the artifact holds users and knows their external ids. */
  public boolean hasUserIds() {
    return artifact.hasUsers() && artifact.users().hasIds();
  }

  /**
   * Row of a user by the external id, -1 if the artifact does not hold the user; allocates nothing.
   *
   * @throws UnsupportedOperationException if the artifact holds no users, or not their ids
   */
  public int userRowOfId(long id) {
    return artifact.users().rowOfId(id);
  }

  /**
   * External id of the user in a row; allocates nothing.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   * @throws UnsupportedOperationException if the artifact holds no users, or not their ids
   */
  public int userIdAtRow(int row) {
    return artifact.users().idAtRow(row);
  }

  StoredUsers storedUsers() {
    return artifact.users();
  }

  /** How requests see the artifact. */
  ServingPlan plan() {
    return plan;
  }

  void checkOpen() {
    if (closed) {
      throw new IllegalStateException(artifact.path() + ": the runtime is closed");
    }
  }

  /** The bits of a filter of this runtime; null for null. */
  MemorySegment wordsOf(RowFilter filter) {
    if (filter == null) {
      return null;
    }
    if (filter.runtime() != this) {
      // Rows of another artifact, or of another version of this one, are other items.
      throw new IllegalArgumentException(
          "filter: expected one that the runtime of %s made, got one of %s"
              .formatted(artifact.path(), filter.runtime().artifact.path()));
    }
    return filter.words();
  }

  synchronized void forget(OwnedMemory member) {
    owned.remove(member);
  }

  /**
   * Closes its recommenders and filters, then frees the file's memory; closing again does nothing.
   *
   * @throws IllegalStateException while a foreign call uses the memory; call again then
   */
  @Override
  public synchronized void close() {
    closed = true;
    for (OwnedMemory member : owned) {
      member.close();
    }
    owned.clear();
    artifact.close();
  }
}
