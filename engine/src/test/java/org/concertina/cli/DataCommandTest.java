package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
  @TempDir Path folder;

  @Test
  void listNamesAllSetsAndDescribesOne() throws IOException {
    JsonNode sets = CommandRun.of("data", "list", "--json").expect(0).json().path("sets");
    assertTrue(sets.size() >= 13, sets.size() + " sets");
    String table = CommandRun.of("data", "list").expect(0).out();
    String one = CommandRun.of("data", "list", "ml-100k").expect(0).out();
    for (String part :
        new String[] {"GroupLens", "no redistribution", "ml-100k.zip", "sha256 50d2"}) {
      assertTrue(one.contains(part), part + " in:\n" + one);
    }
    assertTrue(table.contains("gowalla") && table.contains("1,027,370"), table);
    CommandRun.of("data", "list", "ml-7").expect(1).expectMessage("ml-7", "ml-100k, ml-1m");
  }

  @Test
  void fetchShowsTermsAndSumsAndVerifyCounts() throws IOException {
    try (Server server = new Server("0 1 2\n1 2\n")) {
      Path catalogue = server.catalogue(folder.resolve("own.json"), "", 3);
      Path set = folder.resolve("own");
      Object[] fetch = {"data", "fetch", "own", "--catalogue", catalogue, "--out", set};
      CommandRun run = CommandRun.of(fetch).expect(0).expectMessage("look but do not touch");
      assertTrue(run.out().contains("could not be checked"), run.out());
      assertTrue(run.out().contains("sha256 "), run.out());
      assertEquals("0 1 2\n1 2\n", Files.readString(set.resolve("train.txt")));
      Object[] verify = {"data", "verify", set, "--catalogue", catalogue};
      assertTrue(CommandRun.of(verify).expect(0).out().contains("unchecked"));

      server.catalogue(catalogue, "", 4);
      CommandRun.of(verify).expect(1).expectMessage("train ", "WRONG", "1 of 4");
      server.catalogue(catalogue, "\"sha256\": \"" + "0".repeat(64) + "\",", 3);
      CommandRun.of(fetch).expect(1).expectMessage("refused", "0".repeat(64));
      assertEquals("0 1 2\n1 2\n", Files.readString(set.resolve("train.txt")));
    }
  }

  @Test
  void verifyNamesWhatIsMissing() throws IOException {
    CommandRun.of("data", "verify", folder.resolve("none")).expect(1).expectMessage("none");
    Path other = Files.createDirectory(folder.resolve("other"));
    CommandRun.of("data", "verify", other).expect(1).expectMessage("other: no such data set");
    CommandRun.of("data", "verify", other, "--name", "gowalla")
        .expect(1)
        .expectMessage("no interactions in", "train.txt");
  }

  @Test
  void statsAreThoseOfAllSplits() throws IOException {
    Files.writeString(folder.resolve("train.txt"), "0 10 11 12\n1 10 11\n2 10\n");
    Files.writeString(folder.resolve("test.txt"), "0 13\n3 10\n");
    Path plot = folder.resolve("curve.png");
    CommandRun run = CommandRun.of("data", "stats", "--data", folder, "--plot", plot, "--json");
    JsonNode json = run.expect(0).json();
    assertEquals(4, json.path("users").asInt());
    assertEquals(4, json.path("items").asInt());
    assertEquals(8, json.path("interactions").asInt());
    assertEquals(0, json.path("validation").asInt());
    assertEquals(0.5, json.path("density").asDouble());
    // Items have 1, 1, 2, 4: (-3 - 1 + 2 + 12) / (4 * 8).
    assertEquals(10 / 32.0, json.path("gini").asDouble(), 1e-12);
    assertEquals(0.5, json.at("/shareOfInteractions/top20Percent").asDouble(), 1e-12);
    assertEquals(1, json.path("coldItems").asInt());
    assertEquals(1, json.path("usersWithoutTraining").asInt());
    assertEquals(4, json.at("/perUser/p100").asInt());
    assertEquals(1, json.at("/perItem/p50").asInt());
    assertEquals(2, json.at("/perItem/mean").asDouble());
    // Item 10 leads in training: none of the first user's test items, all of the other's.
    assertEquals(2, json.at("/popularItemsOfSplits/test/users").asInt());
    assertEquals(0.5, json.at("/popularItemsOfSplits/test/top5Percent").asDouble());
    assertEquals(0, json.at("/popularItemsOfSplits/validation/users").asInt());
    assertTrue(json.at("/popularItemsOfSplits/validation/top5Percent").isNull());
    if (!json.path("plot").isNull()) {
      byte[] head = {(byte) 0x89, 'P', 'N', 'G'};
      assertArrayEquals(head, Arrays.copyOf(Files.readAllBytes(plot), 4));
    }
    String text = CommandRun.of("data", "stats", "--data", folder).expect(0).out();
    assertTrue(text.contains("Gini") && text.contains("density 50.0000 %"), text);
    assertTrue(text.contains("test items among the most popular in training 1 %: 50.00 %"), text);
  }

  @Test
  void popularityOfASplitIsAMeanOverItsUsers() throws IOException {
    // Items 1 to 10 in the order of their popularity, so that 10 % are item 1, and 20 % 1 and 2.
    StringBuilder train = new StringBuilder();
    for (int user = 0; user < 10; user++) {
      train.append(user);
      for (int item = 1; item <= 10 - user; item++) {
        train.append(' ').append(item);
      }
      train.append('\n');
    }
    Files.writeString(folder.resolve("train.txt"), train);
    Files.writeString(folder.resolve("valid.txt"), "8 3\n9 2 3 4 5\n");
    Files.writeString(folder.resolve("test.txt"), "7 4 5\n");
    JsonNode splits =
        CommandRun.of("data", "stats", "--data", folder, "--json")
            .expect(0)
            .json()
            .path("popularItemsOfSplits");
    assertEquals(0, splits.at("/validation/top10Percent").asDouble());
    assertEquals((0 + 0.25) / 2, splits.at("/validation/top20Percent").asDouble());
    assertEquals(0, splits.at("/test/top20Percent").asDouble());
  }

  @Test
  void curveRanksAscendFromTheFirstToTheLast() {
    for (int items : new int[] {1, 2, 7, 400, 401, 100_000}) {
      double[] ranks = PopularityPlot.ranks(items);
      assertEquals(1, ranks[0]);
      assertEquals(items, ranks[ranks.length - 1]);
      for (int i = 1; i < ranks.length; i++) {
        assertTrue(ranks[i] > ranks[i - 1]);
      }
    }
  }

  @Test
  void aSyntheticLogCanBeTrainedOn() throws IOException {
    Path log = folder.resolve("train.txt.gz");
    CommandRun run =
        CommandRun.of(
            "data",
            "synthesize",
            "--users=500",
            "--items=300",
            "--interactions=10000",
            "--least=5",
            "--seed=3",
            "--out",
            log,
            "--json");
    assertEquals(10_000, run.expect(0).json().path("interactions").asInt());
    try (InteractionData data =
        InteractionReader.read(folder, ReadOptions.defaults().withValidationShare(0))) {
      assertEquals(500, data.users());
      assertEquals(10_000, data.train().size());
      assertEquals(0, data.report().duplicatesDropped());
    }
    Path csv = folder.resolve("log.csv");
    CommandRun.of(
            "data",
            "synthesize",
            "--users=50",
            "--items=300",
            "--interactions=1000",
            "--format=csv",
            "--ratings",
            "--drift=0.5",
            "--out",
            csv)
        .expect(0);
    assertEquals(1_001, Files.readAllLines(csv).size());
  }

  /** Serves one text on loopback. */
  private static final class Server implements AutoCloseable {
    private final HttpServer http;

    Server(String text) throws IOException {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      http.createContext(
          "/train.txt",
          exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      http.start();
    }

    Path catalogue(Path file, String sum, int interactions) throws IOException {
      Map<String, String> values =
          Map.of(
              "PORT", Integer.toString(http.getAddress().getPort()),
              "SUM", sum,
              "COUNT", Integer.toString(interactions));
      String json =
          """
          {"schema": 1, "sets": [{
            "name": "own", "title": "t", "licence": "l", "terms": "look but do not touch",
            "page": "p",
            "files": [{"name": "train.txt", SUM "address": "http://127.0.0.1:PORT/train.txt"}],
            "format": {"kind": "lines"}, "content": {"train": "train.txt"},
            "expected": {"users": 2, "items": 2, "train": COUNT}}]}
          """;
      for (Map.Entry<String, String> value : values.entrySet()) {
        json = json.replace(value.getKey(), value.getValue());
      }
      return Files.writeString(file, json);
    }

    @Override
    public void close() {
      http.stop(0);
    }
  }
}
