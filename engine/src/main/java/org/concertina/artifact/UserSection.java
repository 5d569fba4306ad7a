package org.concertina.artifact;

import static org.concertina.artifact.ArtifactFormat.INT;
import static org.concertina.artifact.ArtifactFormat.LONG;

import java.lang.foreign.MemorySegment;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;

/**
 * What an artifact holds of its users, and where: their vectors, row after row, and behind them
 * their ids if these are encoded.
 *
 * @param users how many, at least 1
 * @param dim floats of a vector
 * @param precision fp32 or int8
 * @param ids how users are known
 * @param idBytes of encoded ids before padding, else 0
 */
public record UserSection(int users, int dim, Precision precision, UserIds ids, long idBytes) {
  /** Users whose ids are one Elias-Fano sequence: bounds what a look-up has to count. */
  static final int GROUP_USERS = 4096;

  private static final int CRC_AT = 140;
  private static final int OFFSET_AT = 144;
  private static final int BYTES_AT = 152;
  private static final int USERS_AT = 160;
  private static final int PRECISION_AT = 164;
  private static final int IDS_AT = 168;

  /** Where the header's reserved bytes begin behind the fields of users. */
  static final int RESERVED_AT = 172;

  /** Where they begin in a file that knows no users. */
  static final int RESERVED_WITHOUT_USERS_AT = CRC_AT;

  /** Whether users may be kept in a precision. */
  static boolean isKnown(Precision precision) {
    return precision == Precision.FP32 || precision == Precision.INT8;
  }

  /** The groups that encoded ids are cut into. */
  static Groups groups(int users) {
    int count = Math.ceilDiv(users, GROUP_USERS);
    int[] starts = new int[count + 1];
    for (int g = 0; g < count; g++) {
      starts[g] = g * GROUP_USERS;
    }
    starts[count] = users;
    return Groups.ofStarts(starts);
  }

  /** The order of ascending ids. */
  static RowOrder order(int[] ids) {
    return RowOrder.byId(groups(ids.length), ids);
  }

  /** Bytes of one vector. */
  public long rowBytes() {
    return (long) dim * (precision == Precision.FP32 ? Float.BYTES : Byte.BYTES);
  }

  /** Bytes of all vectors, without the padding behind them. */
  public long vectorBytes() {
    return users * rowBytes();
  }

  /** Offset of encoded ids from the start of the section. */
  long idsOffset() {
    return ArtifactLayout.align(vectorBytes());
  }

  /** Bytes of the section, without the padding to a multiple of 64 behind it. */
  public long bytes() {
    return ids == UserIds.ENCODED ? idsOffset() + idBytes : vectorBytes();
  }

  void write(MemorySegment header, long offset, int crc) {
    header.set(INT, CRC_AT, crc);
    header.set(LONG, OFFSET_AT, offset);
    header.set(LONG, BYTES_AT, bytes());
    header.set(INT, USERS_AT, users);
    header.set(INT, PRECISION_AT, precision.code());
    header.set(INT, IDS_AT, ids.code());
  }

  /** The checksum that a header has for the section. */
  static int crc(MemorySegment header) {
    return header.get(INT, CRC_AT);
  }

  /** Where a header says that the section begins. */
  static long offset(MemorySegment header) {
    return header.get(LONG, OFFSET_AT);
  }

  /** Reads the other fields of a header that has users. */
  static UserSection read(MemorySegment header, int dim, long fileBytes, Faults faults)
      throws ArtifactCorruptException {
    int users = header.get(INT, USERS_AT);
    faults.expectRange("users", 1, Integer.MAX_VALUE, users);
    Precision precision = precision(header.get(INT, PRECISION_AT), faults);
    UserIds ids = ids(header.get(INT, IDS_AT), faults);
    long bytes = header.get(LONG, BYTES_AT);
    UserSection vectors = new UserSection(users, dim, precision, ids, 0);
    if (ids != UserIds.ENCODED) {
      faults.expectEqual("users bytes", vectors.bytes(), bytes);
      return vectors;
    }
    long headers = (long) Math.ceilDiv(users, GROUP_USERS) * IdCodec.GROUP_HEADER_BYTES;
    faults.expectRange("users bytes", vectors.idsOffset() + headers, fileBytes, bytes);
    return new UserSection(users, dim, precision, ids, bytes - vectors.idsOffset());
  }

  private static Precision precision(int code, Faults faults) throws ArtifactCorruptException {
    for (Precision precision : Precision.values()) {
      if (precision.code() == code && isKnown(precision)) {
        return precision;
      }
    }
    throw faults.corrupt("precision code of users", "that of fp32 or int8", code);
  }

  private static UserIds ids(int code, Faults faults) throws ArtifactCorruptException {
    for (UserIds ids : UserIds.values()) {
      if (ids.code() == code) {
        return ids;
      }
    }
    throw faults.corrupt("code of user ids", "0 to 2", code);
  }
}
