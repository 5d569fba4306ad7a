package org.concertina.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.concertina.interaction.InteractionFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form of file, recognised by content or named, and what is refused. */
class TextFormatsTest {
  private static final List<String> PAIRS = List.of("10 7", "10 8", "2 7");

  /** A form and a text with the interactions {@link #PAIRS}. */
  record Sample(TextFormat format, String text) {}

  static List<Sample> samples() {
    return List.of(
        new Sample(TextFormat.LINES, "10 7 8\n2 7\n"),
        new Sample(TextFormat.LINES, "10 7\n10 8\n2 7\n"),
        new Sample(TextFormat.LINES, "10\t7\t8\n\n2\t7"),
        new Sample(
            TextFormat.MOVIELENS_TAB,
            "10\t7\t5\t881250949\n10\t8\t3\t881250950\n2\t7\t4\t881250951\n"),
        new Sample(
            TextFormat.MOVIELENS_DAT,
            "10::7::5::978300760\n10::8::3::978302109\n2::7::3::978301968\n"),
        new Sample(TextFormat.MOVIELENS_DAT, "10::7\n10::8\n2::7\n"),
        new Sample(
            TextFormat.MOVIELENS_CSV,
            "userId,movieId,rating,timestamp\n10,7,3.5,1112486027\n10,8,.5,1112484676\n2,7,5,1\n"),
        new Sample(
            TextFormat.RECBOLE,
            "item_id:token\tuser_id:token\ttimestamp:float\n7\t10\t8.8e8\n8\t10\t1.5\n7\t2\t3\n"),
        new Sample(
            TextFormat.CSV, "\"user\";\"x\";\"item\"\n10;\"a;\"\"b\n\";\"7\"\n10;;8\n2;;7\n"),
        new Sample(TextFormat.CSV, "10,7,4\n10,8,4\n2,7,1\n"),
        new Sample(TextFormat.CSV, "10, 7, 1112486027\n10, 8, 1\n2, 7, 2\n"),
        new Sample(TextFormat.TSV, "when\titem\tuser\n2026-11-24\t7\t10\nx\t8\t10\ny\t7\t2\n"),
        new Sample(
            TextFormat.JSONL,
            """
            {"reviewerID": "10", "asin": "7", "overall": 5.0, "unixReviewTime": 1, "a": [1, {"asin": 3}]}
            {"asin":"8","helpful":[0,"]}"],"reviewerID":10,"overall":-1.0,"unixReviewTime":2, "t": "\\"}"}

            {"overall":2,"unixReviewTime":3,"reviewerID":"\\u0032","asin":"7","none":null}
            """));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readsEveryForm(Sample sample) throws IOException {
    byte[] text = Texts.bytes(sample.text());
    for (TextFormat format : List.of(sample.format(), TextFormat.AUTO)) {
      assertEquals(PAIRS, Texts.read(text, format, ColumnNames.COMMON));
      assertEquals(PAIRS, Texts.read(Texts.gzip(text), format, ColumnNames.COMMON));
      assertEquals(PAIRS, Texts.read(Texts.zstd(text), format, ColumnNames.COMMON));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void lineEndsAndByteOrderMarkDoNotMatter(Sample sample) throws IOException {
    for (String end : List.of("\r\n", "\r", "\n\n")) {
      byte[] text = Texts.bytes("\ufeff" + sample.text().replace("\n", end));
      assertEquals(PAIRS, Texts.read(text, TextFormat.AUTO, ColumnNames.COMMON));
    }
    byte[] unended = Texts.bytes(sample.text().strip());
    assertEquals(PAIRS, Texts.read(unended, TextFormat.AUTO, ColumnNames.COMMON));
  }

  @Test
  void namesAreIdsToo() throws IOException {
    byte[] text = Texts.bytes("userId,itemId\n1,é\n\"a \"\"b\"\"\",2\n07,2\n7,☃\n");
    assertEquals(
        List.of("1 é", "a \"b\" 2", "07 2", "7 ☃"),
        Texts.read(text, TextFormat.AUTO, ColumnNames.COMMON));
    byte[] json = Texts.bytes("{\"user\": \"\\ud83d\\ude00\\n\", \"item\": 99999999999}\n");
    assertEquals(
        List.of("\ud83d\ude00\n 99999999999"),
        Texts.read(json, TextFormat.AUTO, ColumnNames.COMMON));
  }

  @Test
  void columnsByNameAndByPosition() throws IOException {
    ColumnNames named = new ColumnNames("who", "what", "liked", null);
    byte[] text = Texts.bytes("what,liked,who\n7,1,10\n8,0.5,10\n7,1e0,2\n");
    assertEquals(PAIRS, Texts.read(text, TextFormat.AUTO, named));
    CleaningOptions liked = new CleaningOptions(1, Long.MIN_VALUE, Long.MAX_VALUE, 0, 0, 0);
    assertEquals(List.of("10 7", "2 7"), Texts.read(text, TextFormat.AUTO, named, liked));
    ColumnNames third = new ColumnNames("3", "1", null, null);
    byte[] bare = Texts.bytes("7,1,10\n8,0,10\n7,1,2\n");
    assertEquals(PAIRS, Texts.read(bare, TextFormat.AUTO, third));
  }

  @Test
  void whatMayBeTwoThingsIsNotGuessed() {
    refused("1\t2\t3\n2\t3\t4\n", 1, "may be lines of users or a table of ratings");
    refused("1 2 5 978300760\n", 1, "may be lines of users or a table of ratings");
    refused("u,v\nx,y\n", 1, "the columns of user and item cannot be told from \"u,v\"");
    refused("{\"a\": 1}\n", 1, "no key of user and item among [a]");
  }

  @Test
  void faultsNameTheLine() {
    refused("userId,itemId\n1,2\n3,\n", 3, "the item is empty");
    refused("userId,itemId\n1,2\n3;4\n", 3, "has 1 fields, the first record has 2");
    refused("userId,itemId\n1,\"2\n\n3\n", 2, "a quote is not closed");
    refused("userId,itemId\n1,\"2\"x\n", 2, "field 2 goes on behind its closing quote");
    refused("userId,itemId,rating\n1,2,3\n1,3,three\n", 3, "the rating \"three\" is not a number");
    refused("userId,itemId,time\n1,2,1\n1,3,2026-02-29\n", 3, "the time \"2026-02-29\" is neither");
    refused("1::2\n1::3::4\n", 2, "has 3 fields, the first record has 2");
    refused("1 2\n1 -3\n", 2, "\"-3\" is negative");
    refused("{\"user\":1,\"item\":2}\n{\"user\":1}\n", 2, "has no key \"item\"");
    refused("{\"user\":1,\"item\":2}\n\n{\"user\":1,\"item\":null}\n", 3, "\"null\" is neither");
    refused("{\"user\":1,\"item\":2}\n{\"user\":1,\"item\":2\n", 2, "expected '}' at byte 19");
    refused(
        "{\"user\":1,\"item\":2}\n{\"user\":1,\"item\":\"\\ud800\"}\n", 2, "is neither a string");
    refused("userId,itemId\n1,2\n1,\0\n", 3, "has a NUL byte");
    refused("\ufffe1 2\n".getBytes(StandardCharsets.UTF_16LE), 1, "is UTF-16 text");
    refused("userId,itemId\n1,\u00e9\n".getBytes(StandardCharsets.ISO_8859_1), 2, "is not UTF-8");
    refused("userId,itemId\n1," + "x".repeat(5000) + "\n", 2, "the item of 5000 bytes is too long");
    refused("", 0, "the file is empty");
    refused("userId,itemId\n", 0, "the file has no interactions");
  }

  @Test
  void aRatingOrTimeThatIsNeededMustBeThere() {
    CleaningOptions rated = new CleaningOptions(4, Long.MIN_VALUE, Long.MAX_VALUE, 0, 0, 0);
    CleaningOptions timely = new CleaningOptions(Double.NaN, 5, Long.MAX_VALUE, 0, 0, 0);
    for (String text :
        List.of("1 2\n", "1::2\n", "userId,itemId\n1,2\n", "{\"user\":1,\"item\":2}")) {
      refused(Texts.bytes(text), 0, "has no ratings", rated);
      refused(Texts.bytes(text), 0, "has no times", timely);
    }
  }

  private static void refused(String text, long line, String message) {
    refused(Texts.bytes(text), line, message);
  }

  private static void refused(byte[] text, long line, String message) {
    refused(text, line, message, CleaningOptions.NONE);
  }

  private static void refused(byte[] text, long line, String message, CleaningOptions cleaning) {
    InteractionFormatException refusal =
        assertThrows(
            InteractionFormatException.class,
            () -> Texts.read(text, TextFormat.AUTO, ColumnNames.COMMON, cleaning));
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    assertEquals(line, refusal.line(), refusal.getMessage());
    assertEquals("log", refusal.file());
  }
}
