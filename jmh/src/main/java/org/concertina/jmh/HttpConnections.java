package org.concertina.jmh;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Keep-alive connections that ask and check answers; a thread each. */
final class HttpConnections {
  private final InetSocketAddress address;
  private final List<byte[]> requests;
  private final List<List<String>> expected;
  private final int connections;

  /**
   * Connections to a server.
   *
   * @param queries query strings to choose from
   * @param expected the bodies that may answer them, a list for every artifact
   */
  HttpConnections(
      InetSocketAddress address,
      List<String> queries,
      List<List<String>> expected,
      int connections) {
    this.address = address;
    this.requests =
        queries.stream()
            .map(query -> "GET /recommend?" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .map(request -> request.getBytes(StandardCharsets.US_ASCII))
            .toList();
    this.expected = expected;
    this.connections = connections;
  }

  /**
   * Asks for a while.
   *
   * @param nanos how long
   * @param rate requests a second of all connections together; 0 to ask as fast as answers come
   * @return nanoseconds from the time that a request was due, or else was sent, to its answer
   * @throws Exception if any request failed or was answered wrongly
   */
  Histogram run(long nanos, double rate) throws Exception {
    Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<Histogram>> running = new ArrayList<>();
      for (int c = 0; c < connections; c++) {
        int first = c;
        Callable<Histogram> asks = () -> ask(first, nanos, rate / connections);
        running.add(threads.submit(asks));
      }
      for (Future<Histogram> done : running) {
        all.add(done.get());
      }
    }
    return all;
  }

  private Histogram ask(int first, long nanos, double rate) throws IOException {
    Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    try (Socket socket = new Socket(address.getAddress(), address.getPort());
        InputStream in = new BufferedInputStream(socket.getInputStream())) {
      socket.setTcpNoDelay(true);
      long start = System.nanoTime();
      double period = rate == 0 ? 0 : 1e9 / rate;
      for (long n = 0; ; n++) {
        long due =
            rate == 0
                ? System.nanoTime()
                : start + (long) ((n + first / (double) connections) * period);
        if (due - start > nanos) {
          return latencies;
        }
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        int query = (int) ((n * 13 + first) % requests.size());
        socket.getOutputStream().write(requests.get(query));
        String body = readBody(in);
        latencies.recordValue(System.nanoTime() - due);
        if (expected.stream().noneMatch(bodies -> bodies.get(query).equals(body))) {
          throw new AssertionError("query " + query + " was answered " + body);
        }
      }
    }
  }

  private static String readBody(InputStream in) throws IOException {
    String status = readLine(in);
    if (!status.startsWith("HTTP/1.1 200 ")) {
      throw new IOException("expected status 200, got " + status);
    }
    int length = -1;
    for (String header = readLine(in); !header.isEmpty(); header = readLine(in)) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the body ended after " + body.length + " bytes");
    }
    return new String(body, StandardCharsets.US_ASCII);
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
