package org.concertina.interaction;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Constants of a data file and what reader and writer share; see the package's description. */
final class DataFileFormat {
  static final int VERSION = 1;

  /** The bytes {@code CNIX} read as a little-endian int. */
  static final int MAGIC = 'C' | 'N' << 8 | 'I' << 16 | 'X' << 24;

  static final int HEADER_BYTES = 256;
  static final int ENTRY_BYTES = 32;
  static final int ALIGNMENT_BYTES = 64;

  static final int MAGIC_AT = 0;
  static final int VERSION_AT = 4;
  static final int HEADER_BYTES_AT = 8;
  static final int SECTIONS_AT = 12;
  static final int FILE_BYTES_AT = 16;
  static final int USERS_AT = 24;
  static final int ITEMS_AT = 28;
  static final int TRAIN_AT = 32;
  static final int VALIDATION_AT = 40;
  static final int TEST_AT = 48;
  static final int DATA_HASH_AT = 56;
  static final int DUPLICATES_AT = 64;
  static final int OVERLAPS_AT = 72;
  static final int DIRECTORY_CRC_AT = 80;
  static final int RESERVED_AT = 84;
  static final int HEADER_CRC_AT = 252;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private DataFileFormat() {}

  /** The kinds of sections, in the order of a file. */
  enum Section {
    USER_IDS(1, "user ids"),
    ITEM_IDS(2, "item ids"),
    TRAIN_ROWS(3, "row pointers of train"),
    TRAIN_ITEMS(4, "items of train"),
    TRAIN_COLUMNS(5, "row pointers of train by item"),
    TRAIN_USERS(6, "users of train by item"),
    VALIDATION_ROWS(7, "row pointers of valid"),
    VALIDATION_ITEMS(8, "items of valid"),
    TEST_ROWS(9, "row pointers of test"),
    TEST_ITEMS(10, "items of test"),
    USER_NAME_OFFSETS(11, "offsets of user names"),
    USER_NAMES(12, "user names"),
    ITEM_NAME_OFFSETS(13, "offsets of item names"),
    ITEM_NAMES(14, "item names"),
    PROVENANCE(15, "provenance");

    final int number;
    final String title;

    Section(int number, String title) {
      this.number = number;
      this.title = title;
    }

    /** The kind of a number from 1 to the number of kinds. */
    static Section of(int number) {
      return Arrays.stream(values())
          .filter(kind -> kind.number == number)
          .findFirst()
          .orElseThrow();
    }
  }

  static long padded(long bytes) {
    return (bytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }
}
