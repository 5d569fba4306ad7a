package org.concertina.datasets.catalogue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of one file that can misbehave, on a free port of the loopback interface. */
final class LoopbackServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger breaksLeft = new AtomicInteger();

  volatile byte[] content;
  volatile String etag = "\"v1\"";
  volatile boolean ranges = true;
  volatile boolean ignoresIfRange;
  volatile int status = 200;
  volatile int breakAfter = Integer.MAX_VALUE;
  volatile boolean hangs;

  LoopbackServer(byte[] content) throws IOException {
    this.content = content;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/file", this::serve);
    server.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/file");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.setExecutor(threads);
    server.start();
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** The next answers end after so many bytes of the body. */
  void breakNext(int times, int bytes) {
    breakAfter = bytes;
    breaksLeft.set(times);
  }

  /** The Range header of every request so far, or {@code -}. */
  List<String> requests() {
    return requests;
  }

  private void serve(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(range == null ? "-" : range);
    if (status != 200) {
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
      return;
    }
    byte[] bytes = content;
    int from = 0;
    String condition = exchange.getRequestHeaders().getFirst("If-Range");
    if (ranges && range != null && (ignoresIfRange || etag.equals(condition))) {
      from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    }
    if (etag != null) {
      exchange.getResponseHeaders().add("ETag", etag);
    }
    if (from >= bytes.length) {
      exchange.getResponseHeaders().add("Content-Range", "bytes */" + bytes.length);
      exchange.sendResponseHeaders(416, -1);
      exchange.close();
      return;
    }
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, bytes.length - from);
    boolean breaks = breaksLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    int length = Math.min(bytes.length - from, breaks ? breakAfter : Integer.MAX_VALUE);
    OutputStream body = exchange.getResponseBody();
    body.write(bytes, from, length);
    body.flush();
    if (hangs && breaks) {
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
