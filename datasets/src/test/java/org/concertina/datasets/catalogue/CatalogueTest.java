package org.concertina.datasets.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.concertina.datasets.catalogue.DatasetFetcher.Fetched;
import org.concertina.datasets.catalogue.FolderCheck.Finding;
import org.concertina.datasets.catalogue.FolderCheck.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
  private static final TransferListener SILENT =
      new TransferListener() {
        @Override
        public void advance(long bytes, long total) {}

        @Override
        public void note(String message) {}
      };

  @TempDir private Path dir;

  static List<DatasetEntry> entries() {
    return Catalogue.builtIn().entries();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ml-100k",
        "ml-1m",
        "ml-20m",
        "ml-32m",
        "gowalla",
        "yelp2018",
        "amazon-book",
        "lastfm-2k",
        "amazon-beauty",
        "amazon-video-games",
        "amazon-cds",
        "steam",
        "goodbooks-10k"
      })
  void knowsTheUsualSets(String name) {
    DatasetEntry entry = Catalogue.builtIn().find(name).orElseThrow();
    assertTrue(entry.expected().users() > 0);
    for (RemoteFile file : entry.files()) {
      assertEquals("https", file.address().getScheme());
      assertTrue(!file.knownSums().isEmpty(), file + " has no sum");
    }
  }

  /** Real data, where it is: in {@code -Dconcertina.datasets} or beside the checkout. */
  @ParameterizedTest
  @MethodSource("entries")
  void countsOfPresentFoldersAreTheExpectedOnes(DatasetEntry entry) throws IOException {
    Path root = Path.of(System.getProperty("concertina.datasets", "../../shared/datasets"));
    Path folder = root.resolve(entry.name());
    assumeTrue(
        Files.isDirectory(folder),
        "skipped: no " + folder.toAbsolutePath().normalize() + "; set -Dconcertina.datasets");
    List<Finding> findings = FolderCheck.of(entry, folder);
    assertEquals(List.of(), findings.stream().filter(f -> f.verdict() == Verdict.WRONG).toList());
    List<String> checked =
        findings.stream().filter(f -> f.verdict() == Verdict.OK).map(Finding::subject).toList();
    assertTrue(checked.containsAll(List.of("users", "items")), checked.toString());
    assertTrue(checked.contains("train") || checked.contains("interactions"), checked.toString());
  }

  @Test
  void fetchUnpacksChecksAndKeepsWhatIsThere() throws IOException {
    try (LoopbackServer server = new LoopbackServer(zip("1::2::5::0\n1::3::4::0\n2::2::1::0\n"));
        HttpDownload download = new HttpDownload(HttpSettings.defaults())) {
      DatasetEntry entry = read(manifest(server, "", 2, 2, 3)).entries().getFirst();
      DatasetFetcher fetcher = new DatasetFetcher(download);
      Fetched first = fetcher.fetch(entry, dir, false, SILENT).getFirst();
      assertTrue(first.downloaded());
      assertEquals(null, first.checkedBy());
      assertTrue(Files.exists(dir.resolve("ratings.dat")));
      List<Finding> findings = FolderCheck.of(entry, dir);
      assertEquals(
          List.of(Verdict.UNCHECKED, Verdict.OK, Verdict.OK, Verdict.OK),
          findings.stream().map(Finding::verdict).toList(),
          findings.toString());

      Files.delete(dir.resolve("ratings.dat"));
      assertTrue(!fetcher.fetch(entry, dir, false, SILENT).getFirst().downloaded());
      assertTrue(Files.exists(dir.resolve("ratings.dat")), "unpacked again");
      assertEquals(1, server.requests().size());
      assertTrue(fetcher.fetch(entry, dir, true, SILENT).getFirst().downloaded());
      assertEquals(2, server.requests().size());
    }
  }

  @Test
  void aFileThatIsNotTheKnownOneIsFetchedAgain() throws IOException {
    byte[] content = zip("1::2::5::0\n");
    try (LoopbackServer server = new LoopbackServer(content);
        HttpDownload download = new HttpDownload(HttpSettings.defaults())) {
      String blob =
          Checksums.of(new ByteArrayInputStream(content), content.length)
              .get(Checksums.Kind.GIT_BLOB);
      String sum = "\"gitBlob\": \"" + blob + "\",";
      DatasetEntry entry = read(manifest(server, sum, 1, 1, 1)).entries().getFirst();
      Files.writeString(dir.resolve("set.zip"), "something else");
      assertEquals(Verdict.WRONG, FolderCheck.of(entry, dir).getFirst().verdict());
      Fetched fetched = new DatasetFetcher(download).fetch(entry, dir, false, SILENT).getFirst();
      assertTrue(fetched.downloaded());
      assertEquals("git blob", fetched.checkedBy());
      assertEquals(Verdict.OK, FolderCheck.of(entry, dir).getFirst().verdict());
    }
  }

  @Test
  void otherCountsAreWrong() throws IOException {
    try (LoopbackServer server = new LoopbackServer(new byte[] {0})) {
      DatasetEntry entry = read(manifest(server, "", 2, 2, 4)).entries().getFirst();
      assertEquals(Verdict.WRONG, FolderCheck.of(entry, dir).getLast().verdict());
      Files.writeString(dir.resolve("train.txt"), "1 5 6\n2 5\n");
      List<Finding> findings = FolderCheck.of(entry, dir);
      assertEquals(new Finding("interactions", Verdict.WRONG, "3", "4"), findings.getLast());
      Files.writeString(dir.resolve("ratings.dat"), "1::5\nbroken\n");
      FetchException broken = assertThrows(FetchException.class, () -> FolderCheck.of(entry, dir));
      assertTrue(broken.getMessage().matches(".*ratings.dat: Record 2 .*"), broken.getMessage());
    }
  }

  @Test
  void gitNamesContentLikeThis() throws IOException {
    byte[] hello = "hello world\n".getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        "3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
        Checksums.of(new ByteArrayInputStream(hello), hello.length).get(Checksums.Kind.GIT_BLOB));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schema\": 2, \"sets\": []}",
        "{\"schema\": 1}",
        "{\"schema\": 1, \"sets\": [{\"name\": \"a\"}]}",
        "{\"schema\": 1, \"sets\": [], \"more\": 1}",
        "no json"
      })
  void aManifestThatIsNoneIsRefusedByName(String text) throws IOException {
    Path file = Files.writeString(dir.resolve("own.json"), text);
    IOException refused = assertThrows(IOException.class, () -> Catalogue.read(file));
    assertTrue(refused.getMessage().contains("own.json:"), refused.getMessage());
  }

  private Catalogue read(String manifest) throws IOException {
    return Catalogue.read(Files.writeString(dir.resolve("own.json"), manifest));
  }

  private static String manifest(
      LoopbackServer server, String sum, int users, int items, int interactions) {
    return """
    {"schema": 1, "sets": [{
      "name": "own", "title": "t", "licence": "l", "terms": "t", "cite": "c", "page": "p",
      "files": [{"name": "set.zip", "address": "%s", %s "unpack": true}],
      "format": {"kind": "rows", "separator": "::"},
      "content": {"all": "ratings.dat"},
      "expected": {"users": %d, "items": %d, "interactions": %d}}]}
    """
        .formatted(server.address("/file"), sum, users, items, interactions);
  }

  private static byte[] zip(String ratings) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.putNextEntry(new ZipEntry("own/ratings.dat"));
      out.write(ratings.getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }
}
