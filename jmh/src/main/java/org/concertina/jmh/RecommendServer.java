package org.concertina.jmh;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.concertina.serve.ReloadableRuntime;
import org.concertina.serve.ServingLease;

/**
 * An example of embedding: an HTTP service of recommendations on the JDK alone, a virtual thread a
 * request.
 *
 * <p>{@code GET /recommend?history=3,17,256&k=10} answers {@code {"artifact":SEED,"items":[...]}}.
 * The runtime belongs to the caller, who reloads it as it likes. Thread-safe.
 */
final class RecommendServer implements AutoCloseable {
  private static final int MOST_ITEMS = 256;

  private final ReloadableRuntime runtime;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /** Listens on a free port of the loopback interface. */
  RecommendServer(ReloadableRuntime runtime) throws IOException {
    this.runtime = runtime;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.createContext("/recommend", this::handle);
    server.setExecutor(requests);
    server.start();
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body;
      int status = 200;
      try {
        body = answer(exchange.getRequestURI().getQuery()).getBytes(StandardCharsets.US_ASCII);
      } catch (IllegalArgumentException bad) {
        body = ("bad request: " + bad.getMessage()).getBytes(StandardCharsets.UTF_8);
        status = 400;
      }
      exchange.sendResponseHeaders(status, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  /** The body of a response. */
  String answer(String query) {
    int[] history = {};
    int k = 10;
    for (String parameter : (query == null ? "" : query).split("&", -1)) {
      String value = parameter.substring(parameter.indexOf('=') + 1);
      if (parameter.startsWith("history=") && !value.isEmpty()) {
        history = Arrays.stream(value.split(",", -1)).mapToInt(Integer::parseInt).toArray();
      } else if (parameter.startsWith("k=")) {
        k = Integer.parseInt(value);
      }
    }
    if (k < 1 || k > MOST_ITEMS || history.length > MOST_ITEMS) {
      throw new IllegalArgumentException("expected 1 to 256 items, and a history of at most 256");
    }
    int[] items = new int[k];
    float[] scores = new float[k];
    try (ServingLease lease = runtime.acquire()) {
      int found = recommend(lease, history, history.length, k, items, scores);
      return render(lease.runtime().info().provenance().seed(), items, found);
    }
  }

  /** The recommending path: from ids to ids, without an allocation. */
  static int recommend(
      ServingLease lease, int[] history, int n, int k, int[] outItems, float[] outScores) {
    lease.runtime().rowsOfItemIds(history, n, history);
    int found = lease.recommender().recommendFromHistory(history, n, k, null, outItems, outScores);
    lease.runtime().itemIdsAtRows(outItems, found, outItems);
    return found;
  }

  private static String render(long seed, int[] items, int found) {
    StringBuilder json = new StringBuilder(64 + 7 * found);
    json.append("{\"artifact\":").append(seed).append(",\"items\":[");
    for (int i = 0; i < found; i++) {
      json.append(i == 0 ? "" : ",").append(items[i]);
    }
    return json.append("]}").toString();
  }

  /** Lets running requests finish for a second, then stops. */
  @Override
  public void close() {
    server.stop(1);
    requests.close();
  }
}
