package org.concertina.interaction;

import static org.concertina.interaction.InteractionFiles.gzip;
import static org.concertina.interaction.InteractionFiles.write;
import static org.concertina.interaction.InteractionFiles.writeBytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
  @TempDir private Path dir;

  @Test
  void missingDirectoryOrTrainingFile() throws IOException {
    Path absent = dir.resolve("absent");
    assertTrue(refusal(absent).getMessage().contains("absent: there is no such directory; name"));
    write(dir, "file", "1 2\n");
    assertTrue(refusal(dir.resolve("file")).getMessage().contains("is not a data file; name a"));
    write(dir, "test.txt", "1 2\n");
    assertTrue(refusal(dir).getMessage().contains("there is no train.txt and no train.txt.gz"));
    Files.createDirectory(dir.resolve("train.txt"));
    assertTrue(refusal(dir).getMessage().contains("train.txt: is a directory"));
  }

  @Test
  void bothFormsOfOneSplit() {
    write(dir, "train.txt", "1 2\n");
    writeBytes(dir, "train.txt.gz", gzip("1 2\n"));
    assertTrue(refusal(dir).getMessage().contains("there is also train.txt.gz; remove one"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "valid", "test"})
  void emptyFiles(String split) {
    write(dir, "train.txt", "1 2\n");
    write(dir, split + ".txt", "");
    assertTrue(refusal(dir).getMessage().contains(split + ".txt: the file is empty; give lines"));
    write(dir, split + ".txt", "1\n\n2\n");
    assertTrue(refusal(dir).getMessage().contains("the file has no interactions"));
    writeBytes(dir, split + ".txt", gzip(""));
    assertTrue(refusal(dir).getMessage().contains("the file is empty"));
  }

  @Test
  void tokensThatAreNoIds() {
    assertBadToken("1 2 x\n", 1, "column 5: \"x\" is not a number");
    assertBadToken("1 2\r\n\r\n  3 4.0\n", 3, "column 5: \"4.0\" is not a number");
    assertBadToken("1,2\n", 1, "column 1: \"1,2\" is not a number");
    assertBadToken("1 2\n-7 3\n", 2, "column 1: \"-7\" is negative");
    assertBadToken("1 -\n", 1, "column 3: \"-\" is not a number");
    assertBadToken("1 --5\n", 1, "\"--5\" is not a number");
    assertBadToken("1 +5\n", 1, "\"+5\" is not a number");
    assertBadToken("1 2147483647\n", 1, "\"2147483647\" is too large for an id; renumber");
    assertBadToken("1 99999999999999999999999999 3\n", 1, "is too large for an id");
    assertBadToken("1 " + "0".repeat(200_000) + "1\n", 1, "\"" + "0".repeat(32) + "...\"");
    assertBadToken("1 " + "y".repeat(200_000) + "\n", 1, "\"" + "y".repeat(32) + "...\"");
    assertBadToken("1 \u00e9\u001b[31m\"\n", 1, "\"\\xe9\\x1b[31m\"\" is not a number");
    assertBadToken("\u00ef\u00bb\u00bf1 2\n", 1, "\"\\xef\\xbb\\xbf1\" is not a number");
  }

  @Test
  void binaryFiles() {
    assertBadToken("1 2\n3 \u0000 4\n", 2, "\"\\x00\" has a NUL byte, so the file is not text");
    assertBadToken("\u00ff\u00fe1\u0000 \u00002\u0000", 1, "has a NUL byte");
    assertBadToken("1\u00002\n", 1, "\"1\\x002\" has a NUL byte");
  }

  @Test
  void positionsAreRightBeyondTheBuffer() {
    StringBuilder text = new StringBuilder();
    for (int line = 1; line < 100_000; line++) {
      text.append(line).append(" 1 2 3\n");
    }
    assertBadToken(text + "5 66 bad\n", 100_000, "column 6: \"bad\"");
  }

  @Test
  void faultsInLaterSplitsNameTheirFile() {
    write(dir, "train.txt", "1 2\n");
    write(dir, "test.txt", "1 2\n1 z\n");
    InteractionFormatException refusal = refusal(dir);
    assertEquals(dir.resolve("test.txt").toString(), refusal.file());
    assertEquals(2, refusal.line());
  }

  @Test
  void truncatedAndDamagedGzip() {
    byte[] whole = gzip("1 2 3\n".repeat(50) + "2 3\n");
    for (int length = 2; length < whole.length; length++) {
      writeBytes(dir, "train.txt.gz", Arrays.copyOf(whole, length));
      InteractionFormatException refusal = refusal(dir);
      assertTrue(refusal.getMessage().contains("the gzip data ends too early"), "at " + length);
      assertTrue(refusal.getMessage().contains("copy or download the file again"));
    }
    byte[] damaged = whole.clone();
    damaged[damaged.length - 6] ^= 1;
    writeBytes(dir, "train.txt.gz", damaged);
    assertTrue(refusal(dir).getMessage().contains("the gzip data is damaged"));
  }

  private void assertBadToken(String train, long line, String message) {
    write(dir, "train.txt", train);
    InteractionFormatException refusal = refusal(dir);
    assertEquals(line, refusal.line());
    assertEquals(dir.resolve("train.txt").toString(), refusal.file());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    assertTrue(refusal.getMessage().length() < 500, refusal.getMessage());
  }

  private static InteractionFormatException refusal(Path dir) {
    MemoryCap cap = MemoryCap.unlimited();
    InteractionFormatException refusal =
        assertThrows(
            InteractionFormatException.class, () -> InteractionFiles.read(dir, cap).close());
    assertEquals(0, cap.usedBytes());
    return refusal;
  }
}
