package org.concertina.datasets.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpDownloadTest {
  private static final byte[] CONTENT = bytes(1, 300_000);
  private static final byte[] OTHER = bytes(2, 300_000);

  @TempDir private Path dir;
  private LoopbackServer server;
  private final List<String> notes = new ArrayList<>();
  private long lastTotal;

  @BeforeEach
  void start() throws IOException {
    server = new LoopbackServer(CONTENT);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void downloadsAndGivesTheSums() throws IOException {
    Map<Checksums.Kind, String> sums = fetch(file(null, null));
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
    assertEquals(sha256(CONTENT), sums.get(Checksums.Kind.SHA_256));
    assertEquals(CONTENT.length, lastTotal);
    assertEquals(List.of("file.bin"), names());
  }

  @Test
  void followsRedirects() throws IOException {
    fetch(new RemoteFile("file.bin", server.address("/moved"), null, null, null, null, false));
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
  }

  @Test
  void goesOnWhereTheConnectionBroke() throws IOException {
    server.breakNext(2, 100_000);
    fetch(file(sha256(CONTENT), null));
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
    assertEquals(3, server.requests().size());
    assertEquals("-", server.requests().getFirst());
    int second = startOf(server.requests().get(1));
    int third = startOf(server.requests().get(2));
    assertTrue(0 < second && second <= 100_000, second + "");
    assertTrue(second < third && third <= second + 100_000, third + "");
    assertEquals(2, notes.size());
    String place = "from byte %,d".formatted(second);
    assertTrue(notes.getFirst().contains(place), notes.getFirst());
  }

  /**
   * Where a request for a range starts. When a connection breaks, the client may drop what it has
   * received and not yet handed on, so only the part that was kept is certain.
   */
  private static int startOf(String range) {
    return Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
  }

  @Test
  void goesOnInALaterRun() throws IOException {
    server.breakNext(1, 120_000);
    FetchException first =
        assertThrows(FetchException.class, () -> fetch(file(null, null), settings(1)));
    assertEquals(List.of("file.bin.part", "file.bin.part.source"), names());
    long kept = Files.size(dir.resolve("file.bin.part"));
    assertTrue(0 < kept && kept <= 120_000, kept + " bytes");
    assertTrue(
        first.getMessage().contains("%,d bytes are kept".formatted(kept)), first.getMessage());
    fetch(file(null, null));
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
    assertEquals(kept, startOf(server.requests().getLast()));
    assertEquals(List.of("file.bin"), names());
  }

  @Test
  void aCompletePartIsNotFetchedAgain() throws IOException {
    Files.write(dir.resolve("file.bin.part"), CONTENT);
    Files.write(
        dir.resolve("file.bin.part.source"), List.of(server.address("/file").toString(), "\"v1\""));
    fetch(file(sha256(CONTENT), null));
    assertEquals(List.of("bytes=300000-"), server.requests());
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
  }

  @Test
  void withoutRangesItStartsAgain() throws IOException {
    server.ranges = false;
    server.breakNext(1, 100_000);
    fetch(file(null, null));
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
    assertEquals(2, server.requests().size());
    assertTrue(startOf(server.requests().get(1)) > 0, server.requests().get(1));
  }

  @Test
  void withoutAValidatorItStartsAgain() throws IOException {
    server.etag = null;
    server.breakNext(1, 100_000);
    fetch(file(null, null));
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
    assertEquals(List.of("-", "-"), server.requests());
  }

  @Test
  void aWeakTagIsNoValidator() throws IOException {
    server.etag = "W/\"v1\"";
    server.breakNext(1, 100_000);
    fetch(file(null, null));
    assertEquals(List.of("-", "-"), server.requests());
  }

  @Test
  void twoVersionsAreNeverSpliced() throws IOException {
    server.breakNext(1, 100_000);
    assertThrows(FetchException.class, () -> fetch(file(null, null), settings(1)));
    server.content = OTHER;
    server.etag = "\"v2\"";
    fetch(file(null, null));
    assertArrayEquals(OTHER, Files.readAllBytes(target()));
    assertTrue(startOf(server.requests().get(1)) > 0, server.requests().get(1));
  }

  @Test
  void aServerThatIgnoresIfRangeIsFoundOutByItsTag() throws IOException {
    server.breakNext(1, 100_000);
    assertThrows(FetchException.class, () -> fetch(file(null, null), settings(1)));
    server.content = OTHER;
    server.etag = "\"v2\"";
    server.ignoresIfRange = true;
    fetch(file(null, null));
    assertArrayEquals(OTHER, Files.readAllBytes(target()));
  }

  @Test
  void aWrongSumIsRefused() throws IOException {
    FetchException refused =
        assertThrows(FetchException.class, () -> fetch(file(sha256(OTHER), null)));
    for (String part : List.of(sha256(OTHER), sha256(CONTENT), "refused")) {
      assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
    assertEquals(List.of(), names());
  }

  @Test
  void theOldFileStaysWhenTheNewIsRefused() throws IOException {
    Files.write(target(), OTHER);
    assertThrows(FetchException.class, () -> fetch(file(sha256(OTHER), null)));
    assertArrayEquals(OTHER, Files.readAllBytes(target()));
  }

  @Test
  void aWrongLengthIsRefusedBeforeTheBody() {
    FetchException refused = assertThrows(FetchException.class, () -> fetch(file(null, 299_999L)));
    assertTrue(refused.getMessage().contains("expected 299,999"), refused.getMessage());
  }

  @Test
  void notFoundIsFinal() throws IOException {
    server.status = 404;
    FetchException missing = assertThrows(FetchException.class, () -> fetch(file(null, null)));
    assertTrue(missing.getMessage().contains("404"), missing.getMessage());
    assertEquals(1, server.requests().size());
    assertEquals(List.of(), names());
  }

  @Test
  void aBrokenServerIsAskedAgainButNotForEver() {
    server.status = 503;
    FetchException broken = assertThrows(FetchException.class, () -> fetch(file(null, null)));
    assertTrue(broken.getMessage().contains("503"), broken.getMessage());
    assertEquals(4, server.requests().size());
  }

  @Test
  void anAnswerThatIsAlwaysTooShortIsGivenUp() {
    server.etag = null;
    server.breakNext(100, 100_000);
    FetchException broken = assertThrows(FetchException.class, () -> fetch(file(null, null)));
    assertTrue(broken.getMessage().contains("gave up"), broken.getMessage());
    assertFalse(Files.exists(target()));
  }

  @Test
  void silenceIsABrokenConnection() throws IOException {
    server.hangs = true;
    server.breakNext(1, 100_000);
    HttpSettings impatient =
        new HttpSettings(Duration.ofSeconds(20), Duration.ofSeconds(2), 4, Duration.ofMillis(5));
    fetch(file(null, null), impatient);
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
    assertTrue(notes.getFirst().contains("nothing came"), notes.getFirst());
  }

  @Test
  void twoDownloadsDoNotWriteOneFile() throws IOException {
    try (PartialFile busy = new PartialFile(target())) {
      FetchException refused = assertThrows(FetchException.class, () -> fetch(file(null, null)));
      assertTrue(refused.getMessage().contains("another download"), refused.getMessage());
      assertEquals(0, busy.size());
    }
    fetch(file(null, null));
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
  }

  @Test
  void nobodyThereIsSaidSo() {
    RemoteFile nowhere =
        new RemoteFile("file.bin", server.address("/file"), null, null, null, null, false);
    server.close();
    FetchException broken = assertThrows(FetchException.class, () -> fetch(nowhere, settings(1)));
    assertTrue(broken.getMessage().contains("cannot connect"), broken.getMessage());
  }

  private Map<Checksums.Kind, String> fetch(RemoteFile file) throws IOException {
    return fetch(file, settings(4));
  }

  private Map<Checksums.Kind, String> fetch(RemoteFile file, HttpSettings settings)
      throws IOException {
    try (HttpDownload download = new HttpDownload(settings)) {
      return download.fetch(
          file,
          target(),
          new TransferListener() {
            @Override
            public void advance(long bytes, long total) {
              lastTotal = total;
            }

            @Override
            public void note(String message) {
              notes.add(message);
            }
          });
    }
  }

  private static HttpSettings settings(int attempts) {
    return new HttpSettings(
        Duration.ofSeconds(20), Duration.ofSeconds(20), attempts, Duration.ofMillis(5));
  }

  private RemoteFile file(String sha256, Long bytes) {
    return new RemoteFile("file.bin", server.address("/file"), bytes, sha256, null, null, false);
  }

  private Path target() {
    return dir.resolve("file.bin");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String sha256(byte[] bytes) throws IOException {
    return Checksums.of(new ByteArrayInputStream(bytes), bytes.length).get(Checksums.Kind.SHA_256);
  }

  private static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
