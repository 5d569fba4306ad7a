package org.concertina.train;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.concertina.block.Groups;
import org.concertina.block.RowOrder;
import org.concertina.interaction.InteractionData;
import org.concertina.memory.CappedArena;

/**
 * A trained model with its provenance and ids; owns its tables until {@link #close}. Readers may
 * share it.
 */
public final class TrainedModel implements AutoCloseable {
  private static final long CHUNK_BYTES = 1L << 28;

  private final Path path;
  private final CappedArena arena;
  private final ModelHeader header;
  private final int[] userIds;
  private final int[] itemIds;
  private final EmbeddingModel embeddings;
  private final MemorySegment prior;

  private TrainedModel(
      Path path,
      CappedArena arena,
      ModelHeader header,
      int[] userIds,
      int[] itemIds,
      EmbeddingModel embeddings,
      MemorySegment prior) {
    this.path = path;
    this.arena = arena;
    this.header = header;
    this.userIds = userIds;
    this.itemIds = itemIds;
    this.embeddings = embeddings;
    this.prior = prior;
  }

  /**
   * Reads a model file whole.
   *
   * @throws ModelFormatException if it is missing, no model, truncated, corrupt or too new
   */
  public static TrainedModel open(Path path) throws IOException {
    CappedArena arena = CappedArena.unlimited();
    try (Arena mapping = Arena.ofShared()) {
      ModelFile.Contents contents = ModelFile.open(path, mapping);
      EmbeddingModel embeddings = ModelFile.allocate(arena, contents.header());
      MemorySegment prior = ModelFile.allocatePrior(arena, contents.header());
      contents.copyInto(embeddings, prior, null);
      return new TrainedModel(
          path,
          arena,
          contents.header(),
          contents.userIds(),
          contents.itemIds(),
          embeddings,
          prior);
    } catch (IOException | RuntimeException failed) {
      arena.close();
      throw failed;
    }
  }

  /** Where the run stood when the model was saved, and how it was made. */
  public ModelHeader header() {
    return header;
  }

  /** The tables. */
  public EmbeddingModel embeddings() {
    return embeddings;
  }

  /**
   * What is added to an item's cosine to make the score: {@code items} floats, none above 0; null
   * if the model was trained without. Dies with the model.
   */
  public MemorySegment prior() {
    return prior;
  }

  /**
   * A 64-bit hash of the tables; tells the models of one data set apart.
   *
   * @return the tables' CRC32C, items high, users low, the priors' mixed in
   */
  public long tableHash() {
    long hash =
        crc(embeddings.items().segment()) << Integer.SIZE | crc(embeddings.users().segment());
    return prior == null ? hash : hash ^ (crc(prior) << Short.SIZE);
  }

  private static long crc(MemorySegment table) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < table.byteSize(); at += CHUNK_BYTES) {
      crc.update(table.asSlice(at, Math.min(CHUNK_BYTES, table.byteSize() - at)).asByteBuffer());
    }
    return crc.getValue();
  }

  /** The groups that training used. */
  public Groups groups() {
    return Groups.equalCount(header.items(), header.config().groups());
  }

  /** The order of the packed rows. */
  public RowOrder rowOrder() {
    return RowOrder.byId(groups(), itemIds);
  }

  /** External id of every item. */
  public int[] itemIds() {
    return itemIds.clone();
  }

  /** External id of every user, ascending. */
  public int[] userIds() {
    return userIds.clone();
  }

  /** The index of an external user id, or -1. */
  public int userIndex(long userId) {
    int at = userId == (int) userId ? Arrays.binarySearch(userIds, (int) userId) : -1;
    return Math.max(at, -1);
  }

  /**
   * Checks that the model was trained on this data, held out in the same way.
   *
   * @throws ModelFormatException otherwise
   */
  public void requireSameData(InteractionData data) throws ModelFormatException {
    if (header.dataHash() != data.dataHash()) {
      throw new ModelFormatException(
          "%s: trained on another data set (data hash %016x, this one has %016x); name its data"
              .formatted(path, header.dataHash(), data.dataHash()));
    }
    if (!Arrays.equals(itemIds, data.itemIds())) {
      throw new ModelFormatException(
          path + ": trained on another validation split of this data; train again");
    }
  }

  /**
   * Checks that validation interactions may choose by this model or measure it.
   *
   * @throws ModelFormatException if it was trained on them
   */
  public void requireUnseenValidation() throws ModelFormatException {
    if (header.refit() != null) {
      throw new ModelFormatException(
          path
              + ": a refit model, trained on the validation interactions too, so nothing may be"
              + " chosen or measured by them; name the model it was refitted from (without .refit),"
              + " pack this one by its front, or evaluate it with --split test");
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
