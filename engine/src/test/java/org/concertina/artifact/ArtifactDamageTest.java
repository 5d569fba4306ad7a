package org.concertina.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a file, opening it says so by name. */
class ArtifactDamageTest {
  private static final int DIRECTORY = 256;
  private static final int ENTRY = 64;
  private static final int USERS = 11;

  @TempDir Path dir;

  private final MemoryCap cap = MemoryCap.ofBytes(1 << 20);
  private Path file;
  private byte[] good;

  /** Where the users' section begins, if there is one. */
  private int users;

  /** Two groups, 19 rows of 8 floats and 24 rows of 4 bytes: both have padding rows and bytes. */
  @BeforeEach
  void writeSmallArtifact() throws IOException {
    write(new BlockChoice(0b1111, Precision.FP32));
  }

  /** 19 rows of 6 codes of four bits instead of the floats: padding rows, bytes and codes. */
  private void writeInt4() throws IOException {
    write(new BlockChoice(0b1101, Precision.INT4));
  }

  /** 19 rows of 6 codes of two bits: padding rows and bytes, and unused bits of every word. */
  private void writeInt2() throws IOException {
    write(new BlockChoice(0b1101, Precision.INT2));
  }

  /** The first group's codes as int4, and a prior for both groups. */
  private void writePrior() throws IOException {
    write(new BlockChoice(0b1101, Precision.INT4), true);
  }

  /** The second group dropped: nothing of it but its entry and the header of its ids. */
  private void writeDropped(boolean prior) throws IOException {
    write(new BlockChoice(0b1101, Precision.INT4), BlockChoice.DROPPED, prior);
  }

  /** Eleven users: 88 floats or bytes, neither of which fills the last 64 bytes, and their ids. */
  private void writeUsers(Precision precision) throws IOException {
    BlockShape shape = new BlockShape(4, 2);
    try (ArtifactFixture fixture = ArtifactFixture.of(7, Groups.ofStarts(0, 19, 43), shape)) {
      ElasticConfig config = ElasticConfig.uniform(shape, 2, 2, Precision.INT4);
      writeUsers(fixture.withConfig(config).withUsers(3, USERS, precision));
    }
  }

  private void writeUsers(ArtifactFixture fixture) throws IOException {
    file = dir.resolve("users.cnct");
    fixture.write(file);
    good = Files.readAllBytes(file);
    users = (int) segment(good).get(ArtifactFormat.LONG, 144);
    assertEquals(4, segment(good).get(ArtifactFormat.INT, 4));
    assertTrue(good.length < 4096, "small enough to flip every bit: " + good.length);
  }

  private void write(BlockChoice first) throws IOException {
    write(first, false);
  }

  private void write(BlockChoice first, boolean prior) throws IOException {
    write(first, new BlockChoice(0b1010, Precision.INT8), prior);
  }

  private void write(BlockChoice first, BlockChoice second, boolean prior) throws IOException {
    BlockShape shape = new BlockShape(4, 2);
    try (ArtifactFixture fixture = ArtifactFixture.of(7, Groups.ofStarts(0, 19, 43), shape)) {
      ElasticConfig config = new ElasticConfig(shape, List.of(first, second));
      file = dir.resolve("small.cnct");
      fixture.withConfig(config).withPrior(prior ? fixture.randomPrior(2) : null).write(file);
    }
    good = Files.readAllBytes(file);
    assertTrue(good.length < 4096, "small enough to flip every bit: " + good.length);
  }

  private void write(Kind kind) throws IOException {
    switch (kind) {
      case PLAIN -> writeSmallArtifact();
      case INT4 -> writeInt4();
      case INT2 -> writeInt2();
      case PRIOR -> writePrior();
      case DROPPED -> writeDropped(false);
      case DROPPED_PRIOR -> writeDropped(true);
      case USERS_FP32 -> writeUsers(Precision.FP32);
      case USERS_INT8 -> writeUsers(Precision.INT8);
    }
  }

  enum Kind {
    PLAIN,
    INT4,
    INT2,
    PRIOR,
    DROPPED,
    DROPPED_PRIOR,
    USERS_FP32,
    USERS_INT8
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyFlippedBitIsANamedException(Kind kind) throws IOException {
    write(kind);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      for (int at = 0; at < good.length; at++) {
        for (int bit = 0; bit < 8; bit++) {
          channel.write(one.clear().put((byte) (good[at] ^ 1 << bit)).flip(), at);
          int byteAt = at;
          assertRefused(() -> "bit flipped in byte " + byteAt);
        }
        channel.write(one.clear().put(good[at]).flip(), at);
      }
    }
    ArtifactReader.open(file, cap).close();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyTruncationIsANamedException(Kind kind) throws IOException {
    write(kind);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int length = good.length - 1; length >= 0; length--) {
        channel.truncate(length);
        int left = length;
        assertInstanceOf(
            ArtifactCorruptException.class, assertRefused(() -> "cut to " + left + " bytes"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 63, 64, 65, 256, 4096})
  void appendedBytesAreANamedException(int extra) throws IOException {
    Files.write(file, new byte[extra], StandardOpenOption.APPEND);
    ArtifactFormatException refused = assertRefused(() -> extra + " bytes appended");
    assertEquals("file bytes", refused.field());
    assertEquals(file.toString(), refused.file());
  }

  @Test
  void anotherKindOfFileIsNotAnArtifact() throws IOException {
    Files.writeString(file, "user item\n".repeat(100));
    assertInstanceOf(NotAnArtifactException.class, assertRefused(() -> "text"));
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 7, 0x01000000, Integer.MAX_VALUE})
  void newerVersionIsNamed(int version) throws IOException {
    ArtifactFormatException refused = assertHeaderRefused(4, version);
    assertInstanceOf(ArtifactTooNewException.class, refused);
    assertTrue(refused.getMessage().contains("newer engine"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void olderVersionIsNamed(int version) throws IOException {
    assertInstanceOf(ArtifactTooOldException.class, assertHeaderRefused(4, version));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 0x80000001, -1})
  void unknownFlagIsNamed(int flags) throws IOException {
    ArtifactFormatException refused = assertHeaderRefused(8, flags);
    assertInstanceOf(ArtifactTooNewException.class, refused);
    assertEquals("flags", refused.field());
  }

  @ParameterizedTest
  @CsvSource({
    "8, 0, ids bytes",
    "12, 255, header bytes",
    "24, 0, items",
    "24, -1, items",
    "24, 2147483647, rows of all groups",
    "24, 42, group 1 rows",
    "28, 0, groups",
    "28, -2147483648, groups",
    "28, 44, groups",
    "28, 43, directory bytes",
    "32, 0, blocks",
    "32, 65, blocks",
    "32, -4, blocks",
    "32, 2, group 0 block mask",
    "36, 0, blockDim",
    "36, 2147483647, blockDim",
    "36, 262145, blockDim",
    "36, 262144, group 0 rows bytes",
    "140, 1, reserved header bytes",
    "248, 1, reserved header bytes",
  })
  void hostileSmallFieldIsNamed(int at, int value, String field) throws IOException {
    assertEquals(field, assertHeaderRefused(at, value).field());
  }

  @ParameterizedTest
  @CsvSource({
    "16, 9223372036854775807, file bytes",
    "16, 0, file bytes",
    "40, 0, directory offset",
    "40, 9223372036854775807, directory offset",
    "48, 64, directory bytes",
    "48, -128, directory bytes",
    "56, 320, rows offset",
    "56, -9223372036854775808, rows offset",
    "64, 9223372036854775807, rows bytes",
    "64, -64, rows bytes",
    "64, 64, ids offset",
    "72, 0, ids offset",
    "72, 9223372036854775744, ids offset",
    "80, 9223372036854775807, ids bytes",
    "80, -1, ids bytes",
    "80, 0, ids bytes",
    "80, 1, ids bytes",
    "80, 65, sum of the sections",
    "112, 0, engine version",
    "112, 10, engine version",
    "120, 10, engine version",
  })
  void hostileLongFieldIsNamed(int at, long value, String field) throws IOException {
    byte[] bytes = good.clone();
    segment(bytes).set(ArtifactFormat.LONG, at, value);
    assertEquals(field, assertRefusedWithChecksums(bytes).field());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, group 0 first row",
    "64, 18, group 1 first row",
    "4, 0, group 0 rows",
    "4, -1, group 0 rows",
    "4, 44, group 0 rows",
    "4, 18, group 1 first row",
    "68, 23, rows of all groups",
    "68, 2147483647, group 1 rows",
    "16, 0, group 0 precision code",
    "16, 3, group 0 precision code",
    "16, 2, group 0 rows bytes",
    "8, 0, group 0 block mask",
    "8, 16, group 0 block mask",
    "8, 7, group 0 rows bytes",
    "20, 0, group 0 scale",
    "20, -1082130432, group 0 scale",
    "20, 2139095040, group 0 scale",
    "20, 2143289344, group 0 scale",
    "24, 0, group 0 rows offset",
    "88, 0, group 1 rows offset",
    "32, 0, group 0 rows bytes",
    "96, 64, group 1 rows bytes",
    "40, 1, group 0 reserved bytes",
    "124, 256, group 1 reserved bytes",
  })
  void hostileDirectoryIsNamed(int at, int value, String field) throws IOException {
    byte[] bytes = good.clone();
    segment(bytes).set(ArtifactFormat.INT, DIRECTORY + at, value);
    assertEquals(field, assertRefusedWithChecksums(bytes).field());
  }

  @Test
  void hugeEntriesOverflowNothing() throws IOException {
    byte[] bytes = good.clone();
    MemorySegment segment = segment(bytes);
    segment.set(ArtifactFormat.INT, 24, Integer.MAX_VALUE);
    segment.set(ArtifactFormat.INT, 32, 64);
    segment.set(ArtifactFormat.INT, 36, (1 << 20) / 64);
    segment.set(ArtifactFormat.LONG, DIRECTORY + 8, -1L);
    segment.set(ArtifactFormat.INT, DIRECTORY + 4, Integer.MAX_VALUE - 1);
    assertEquals("group 0 rows bytes", assertRefusedWithChecksums(bytes).field());
  }

  @Test
  void paddingThatIsNotZeroIsNamed() throws IOException {
    int rows = DIRECTORY + 2 * ENTRY;
    int ids = (int) segment(good).get(ArtifactFormat.LONG, 72);
    int idBytes = (int) segment(good).get(ArtifactFormat.LONG, 80);
    // Tile 1 of group 0 has 3 rows of 16; tile 1 of group 1 has 8.
    int group0 = rows + 8 * 16 * 4 + 3 * 4;
    int group1 = rows + 2 * 8 * 16 * 4 + 4 * 16 + 3 * 16 + 8;
    assertEquals("padding of group 0", withByte(group0).field());
    assertEquals("padding of group 1", withByte(group1).field());
    assertTrue(idBytes % 64 != 0, "the ids have padding");
    assertEquals("padding of the ids", withByte(ids + idBytes).field());
  }

  @Test
  void int4PaddingThatIsNotZeroIsNamed() throws IOException {
    writeInt4();
    int rows = DIRECTORY + 2 * ENTRY;
    // A tile is 2 words of 16 rows; codes 6 and 7 are the first byte of the second word.
    int codes = rows + 16 * 2 + 5 * 2;
    // Tile 1 has 3 rows of 16.
    int row = rows + 2 * 16 * 2 + 3 * 2 + 1;
    int lastRow = rows + 2 * 2 * 16 * 2 - 1;
    for (int at : new int[] {codes, row, lastRow}) {
      assertEquals("padding of group 0", withByte(at).field());
    }
  }

  @Test
  void int4IsNoPartOfVersionOne() throws IOException {
    writeInt4();
    assertEquals(2, segment(good).get(ArtifactFormat.INT, 4));
    ArtifactFormatException refused = assertHeaderRefused(4, 1);
    assertInstanceOf(ArtifactCorruptException.class, refused);
    assertEquals("group 0 precision code", refused.field());
  }

  @Test
  void int4HasNoScale() throws IOException {
    writeInt4();
    byte[] bytes = good.clone();
    segment(bytes).set(ArtifactFormat.FLOAT, DIRECTORY + 20, 0.5f);
    assertEquals("group 0 scale", assertRefusedWithChecksums(bytes).field());
  }

  /** 19 rows of 6 codes of four bits are 128 bytes; 24 rows of 4 bytes are 128 bytes too. */
  @Test
  void aPriorIsWhereItIsSaidToBe() throws IOException {
    writePrior();
    MemorySegment segment = segment(good);
    int rows = DIRECTORY + 2 * ENTRY;
    assertEquals(2, segment.get(ArtifactFormat.INT, 4));
    assertEquals(3, segment.get(ArtifactFormat.INT, 8));
    assertEquals(rows + 128, segment.get(ArtifactFormat.LONG, DIRECTORY + 40));
    assertEquals(rows + 128 + 64, segment.get(ArtifactFormat.LONG, DIRECTORY + ENTRY + 24));
    assertEquals(rows + 320, segment.get(ArtifactFormat.LONG, DIRECTORY + ENTRY + 40));
    assertEquals(384, segment.get(ArtifactFormat.LONG, 64));
  }

  @ParameterizedTest
  @CsvSource({
    "40, 0, group 0 prior offset",
    "40, 384, group 0 prior offset",
    "44, -1, group 0 prior offset",
    "104, 0, group 1 prior offset",
    "48, 2143289344, group 0 prior",
    "48, 2139095040, group 0 prior",
    "48, 2139095039, group 0 prior",
    "48, -1082130432, group 0 prior",
    "52, 2143289344, group 0 prior",
    "116, -8388608, group 1 prior",
    "56, 1, group 0 reserved bytes",
    "124, 1, group 1 reserved bytes",
  })
  void hostilePriorIsNamed(int at, int value, String field) throws IOException {
    writePrior();
    byte[] bytes = good.clone();
    segment(bytes).set(ArtifactFormat.INT, DIRECTORY + at, value);
    assertEquals(field, assertRefusedWithChecksums(bytes).field());
  }

  @Test
  void hostilePriorCodesAreNamed() throws IOException {
    writePrior();
    int first = DIRECTORY + 2 * ENTRY + 128;
    byte[] bytes = good.clone();
    bytes[first + 18] = -128;
    assertEquals("group 0 prior code", assertRefusedWithChecksums(bytes).field());
    for (int at : new int[] {first + 19, first + 63}) {
      assertEquals("padding of the prior of group 0", withByte(at).field());
    }
    assertEquals("padding of the prior of group 1", withByte(first + 64 + 128 + 24).field());
  }

  @Test
  void aPriorIsNoPartOfVersionOne() throws IOException {
    write(new BlockChoice(0b1111, Precision.FP32), true);
    ArtifactFormatException refused = assertHeaderRefused(4, 1);
    assertInstanceOf(ArtifactTooNewException.class, refused);
    assertEquals("flags", refused.field());
  }

  @Test
  void aPriorNeedsItsFlag() throws IOException {
    writePrior();
    assertEquals("group 0 reserved bytes", assertHeaderRefused(8, 1).field());
  }

  /** The entry of the dropped group begins at byte 64 of the directory. */
  @ParameterizedTest
  @CsvSource({
    "72, 4, group 1 precision code",
    "72, 16, group 1 block mask",
    "80, 1, group 1 precision code",
    "80, 3, group 1 precision code",
    "84, 0, group 1 scale",
    "84, 1056964608, group 1 scale",
    "88, 0, group 1 rows offset",
    "96, 64, group 1 rows bytes",
    "104, 0, group 1 prior offset",
    "112, 1056964608, group 1 prior",
    "116, 1056964608, group 1 prior",
    "68, 23, rows of all groups",
  })
  void hostileEntryOfADroppedGroupIsNamed(int at, int value, String field) throws IOException {
    writeDropped(true);
    byte[] bytes = good.clone();
    segment(bytes).set(ArtifactFormat.INT, DIRECTORY + at, value);
    assertEquals(field, assertRefusedWithChecksums(bytes).field());
  }

  @Test
  void somethingIsKept() throws IOException {
    writeDropped(false);
    byte[] bytes = good.clone();
    MemorySegment segment = segment(bytes);
    segment.set(ArtifactFormat.LONG, DIRECTORY + 8, 0);
    segment.set(ArtifactFormat.INT, DIRECTORY + 16, 0);
    segment.set(ArtifactFormat.LONG, DIRECTORY + 32, 0);
    long rows = segment.get(ArtifactFormat.LONG, DIRECTORY + 24);
    segment.set(ArtifactFormat.LONG, DIRECTORY + ENTRY + 24, rows);
    // What was rows is now a part of the ids, which the directory is read before.
    segment.set(ArtifactFormat.LONG, 64, 0);
    segment.set(ArtifactFormat.LONG, 72, rows);
    segment.set(ArtifactFormat.LONG, 80, bytes.length - rows);
    assertEquals("block masks", assertRefusedWithChecksums(bytes).field());
  }

  @Test
  void droppingIsNoPartOfVersionTwo() throws IOException {
    writeDropped(false);
    assertEquals(3, segment(good).get(ArtifactFormat.INT, 4));
    ArtifactFormatException refused = assertHeaderRefused(4, 2);
    assertInstanceOf(ArtifactCorruptException.class, refused);
    assertEquals("group 1 block mask", refused.field());
  }

  @Test
  void aDroppedGroupHasNoIds() throws IOException {
    writeDropped(false);
    int ids = (int) segment(good).get(ArtifactFormat.LONG, 72);
    for (int at = ids + 8; at < ids + 16; at++) {
      assertEquals("ids of group 1", withByte(at).field());
    }
  }

  @Test
  void hostileIdsAreNamed() throws IOException {
    int ids = (int) segment(good).get(ArtifactFormat.LONG, 72);
    for (int bit = 0; bit < 16 * 8; bit++) {
      byte[] bytes = good.clone();
      bytes[ids + bit / 8] ^= (byte) (1 << bit % 8);
      String field = assertRefusedWithChecksums(bytes).field();
      assertTrue(field.contains("id"), field);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "8, 1, reserved header bytes",
    "160, 0, users",
    "160, -1, users",
    "160, 12, user ids of group 0: number of set bits",
    "160, 17, users bytes",
    "160, 2147483647, users bytes",
    "164, 0, precision code of users",
    "164, 1, users bytes",
    "164, 3, precision code of users",
    "164, 4, precision code of users",
    "168, 0, users bytes",
    "168, 1, users bytes",
    "168, 3, code of user ids",
    "168, -1, code of user ids",
    "172, 1, reserved header bytes",
    "248, 1, reserved header bytes",
  })
  void hostileFieldOfUsersIsNamed(int at, int value, String field) throws IOException {
    writeUsers(Precision.INT8);
    assertEquals(field, assertHeaderRefused(at, value).field());
  }

  @ParameterizedTest
  @CsvSource({
    "144, 0, users offset",
    "144, 320, users offset",
    "144, 9223372036854775744, users offset",
    "144, -64, users offset",
    "152, 0, users bytes",
    "152, -1, users bytes",
    "152, 128, users bytes",
    "152, 135, users bytes",
    "152, 136, user ids bytes",
    "152, 200, sum of the sections",
    "152, 9223372036854775807, users bytes",
    "80, 512, users offset",
  })
  void hostileLongFieldOfUsersIsNamed(int at, long value, String field) throws IOException {
    writeUsers(Precision.INT8);
    byte[] bytes = good.clone();
    segment(bytes).set(ArtifactFormat.LONG, at, value);
    // 88 bytes of codes, padded to 128, and more than one word of ids: the file is longer than 192.
    assertTrue(good.length > users + 128 + 8);
    assertEquals(field, assertRefusedWithChecksums(bytes).field());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void usersAreNoPartOfOlderVersions(int version) throws IOException {
    try (ArtifactFixture fixture =
        ArtifactFixture.of(7, Groups.ofStarts(0, 19, 43), new BlockShape(4, 2))) {
      BlockChoice plain = new BlockChoice(0b1111, Precision.FP32);
      writeUsers(
          fixture
              .withConfig(new ElasticConfig(fixture.shape(), List.of(plain, plain)))
              .withUsers(3, USERS, Precision.INT8));
    }
    ArtifactFormatException refused = assertHeaderRefused(4, version);
    assertInstanceOf(ArtifactTooNewException.class, refused);
    assertEquals("flags", refused.field());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7fc00000, 0x7f800000, 0xff800000, 0x7f7fffff})
  void vectorsThatAreNotFiniteOrTooLongAreNamed(int bits) throws IOException {
    writeUsers(Precision.FP32);
    byte[] bytes = good.clone();
    segment(bytes).set(ArtifactFormat.INT, users + (3 * 8 + 5) * Float.BYTES, bits);
    assertEquals("vector of user row 3", assertRefusedWithChecksums(bytes).field());
  }

  @Test
  void aCodeOfAUserIsWithinItsRange() throws IOException {
    writeUsers(Precision.INT8);
    byte[] bytes = good.clone();
    bytes[users + 10 * 8 + 7] = -128;
    assertEquals("vector of user row 10", assertRefusedWithChecksums(bytes).field());
  }

  @Test
  void paddingOfUsersThatIsNotZeroIsNamed() throws IOException {
    for (Precision precision : List.of(Precision.FP32, Precision.INT8)) {
      writeUsers(precision);
      int vectors = USERS * 8 * (precision == Precision.FP32 ? 4 : 1);
      int end = users + (int) segment(good).get(ArtifactFormat.LONG, 152);
      assertTrue(vectors % 64 != 0 && end < good.length, "there is padding");
      for (int at : new int[] {users + vectors, end, good.length - 1}) {
        assertEquals("padding of the users", withByte(at).field());
      }
    }
  }

  @Test
  void hostileUserIdsAreNamed() throws IOException {
    writeUsers(Precision.INT8);
    for (int bit = 0; bit < 8 * 8; bit++) {
      byte[] bytes = good.clone();
      bytes[users + 128 + bit / 8] ^= (byte) (1 << bit % 8);
      String field = assertRefusedWithChecksums(bytes).field();
      assertTrue(field.startsWith("user ") && field.contains("id"), field);
    }
  }

  /** Groups of 4096 ids each, of which the second begins before the first has ended. */
  @Test
  void userIdsAscendFromGroupToGroup() throws IOException {
    try (ArtifactFixture fixture =
        ArtifactFixture.of(7, Groups.ofStarts(0, 43), new BlockShape(1, 1))) {
      int[] ids = IntStream.range(100, 100 + 4096 + 10).toArray();
      file = dir.resolve("many.cnct");
      fixture
          .withUsers(new UserVectors(fixture.randomUsers(1, ids.length), ids, Precision.INT8))
          .write(file);
    }
    good = Files.readAllBytes(file);
    byte[] bytes = good.clone();
    MemorySegment segment = segment(bytes);
    int second = (int) segment.get(ArtifactFormat.LONG, 144) + 4096 + 64 + 8;
    assertEquals(100 + 4096, segment.get(ArtifactFormat.INT, second));
    segment.set(ArtifactFormat.INT, second, 1000);
    segment.set(ArtifactFormat.INT, second + 4, 1009);
    ArtifactChecksums.fix(bytes, good);
    Files.write(file, bytes);
    assertEquals("user ids", assertRefused(() -> "ids of two groups overlap").field());
  }

  private ArtifactFormatException withByte(int at) throws IOException {
    byte[] bytes = good.clone();
    assertEquals(0, bytes[at]);
    bytes[at] = 1;
    return assertRefusedWithChecksums(bytes);
  }

  private ArtifactFormatException assertHeaderRefused(int at, int value) throws IOException {
    byte[] bytes = good.clone();
    segment(bytes).set(ArtifactFormat.INT, at, value);
    return assertRefusedWithChecksums(bytes);
  }

  /** Makes every checksum right, so that the check behind it is what refuses. */
  private ArtifactFormatException assertRefusedWithChecksums(byte[] bytes) throws IOException {
    ArtifactChecksums.fix(bytes, good);
    Files.write(file, bytes);
    return assertRefused(() -> "fixed-up checksums");
  }

  private ArtifactFormatException assertRefused(Supplier<String> what) {
    ArtifactFormatException refused =
        assertThrows(ArtifactFormatException.class, () -> ArtifactReader.open(file, cap), what);
    assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    assertEquals(0, cap.usedBytes());
    return refused;
  }

  private static MemorySegment segment(byte[] bytes) {
    return MemorySegment.ofArray(bytes);
  }
}
