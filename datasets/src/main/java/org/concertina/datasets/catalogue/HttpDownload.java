package org.concertina.datasets.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Downloads files by HTTP.
 *
 * <p>Bytes go to {@code NAME.part} and move to {@code NAME} when all are there and the sums are
 * right. A broken connection is tried again from the byte reached, in this run or a later one, but
 * only if the server says that the file is still the same version (If-Range with its ETag or date);
 * else from the start. Redirects are followed, but not from https to http. One thread at a time.
 */
public final class HttpDownload implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

  private final HttpSettings settings;
  private final HttpClient client;

  /** A client with these settings. */
  public HttpDownload(HttpSettings settings) {
    this.settings = settings;
    client =
        HttpClient.newBuilder()
            .connectTimeout(settings.connectTimeout())
            .followRedirects(Redirect.NORMAL)
            .build();
  }

  /**
   * Downloads one file.
   *
   * @param target its folder must exist; replaced when the new file is complete
   * @return the sums of what came, by kind
   * @throws FetchException if it cannot be had, or does not match a known size or sum
   */
  Map<Checksums.Kind, String> fetch(RemoteFile file, Path target, TransferListener listener)
      throws IOException {
    try (PartialFile part = new PartialFile(target)) {
      download(file, part, listener);
      Map<Checksums.Kind, String> sums = Checksums.of(part.path());
      for (Map.Entry<Checksums.Kind, String> known : file.knownSums().entrySet()) {
        if (!known.getValue().equals(sums.get(known.getKey()))) {
          part.discard();
          throw new FetchException(
              "%s: %s is %s, expected %s; the file was refused and deleted: its source changed, or something on the way changed it"
                  .formatted(
                      file.address(),
                      known.getKey().label(),
                      sums.get(known.getKey()),
                      known.getValue()));
        }
      }
      part.finish();
      return sums;
    }
  }

  private void download(RemoteFile file, PartialFile part, TransferListener listener)
      throws IOException {
    int failures = 0;
    while (true) {
      long before = part.size();
      try {
        if (attempt(file, part, listener)) {
          return;
        }
      } catch (FetchException definite) {
        throw definite;
      } catch (IOException broken) {
        failures = part.size() > before ? 1 : failures + 1;
        if (failures >= settings.attempts()) {
          throw new FetchException(
              "%s: gave up after %d attempts, %,d bytes are kept in %s; run again to go on: %s"
                  .formatted(file.address(), failures, part.size(), part.path(), reason(broken)),
              broken);
        }
        Duration pause = settings.pauseAfter(failures);
        listener.note(
            "%s: %s; again in %.1f s from byte %,d"
                .formatted(file.name(), reason(broken), pause.toMillis() / 1e3, part.size()));
        sleep(pause);
      }
    }
  }

  /** One request; false if the bytes that were there had to be dropped and none came yet. */
  private boolean attempt(RemoteFile file, PartialFile part, TransferListener listener)
      throws IOException {
    URI address = file.address();
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(settings.stallTimeout());
    String validator = part.validator(address);
    if (validator == null) {
      part.restart(address, null);
    } else {
      request.header("Range", "bytes=" + part.size() + "-").header("If-Range", validator);
    }
    HttpResponse<InputStream> response = send(request.build());
    try (InputStream body = response.body()) {
      int status = response.statusCode();
      if (status == 416 && validator != null) {
        String range = response.headers().firstValue("Content-Range").orElse("");
        if (range.equals("bytes */" + part.size())) {
          return true;
        }
        part.restart(address, null);
        return false;
      }
      if (status == 206 && validator != null) {
        long total = resume(response, part, validator);
        return copy(file, body, part, total, listener);
      }
      if (status == 200) {
        part.restart(address, validator(response));
        OptionalLong length = response.headers().firstValueAsLong("Content-Length");
        return copy(file, body, part, length.orElse(-1), listener);
      }
      throw failure(response);
    }
  }

  /** Checks that the answer goes on where the file ends; the size of the whole. */
  private static long resume(HttpResponse<InputStream> response, PartialFile part, String validator)
      throws IOException {
    String range = response.headers().firstValue("Content-Range").orElse("");
    Matcher matcher = CONTENT_RANGE.matcher(range);
    String now = validator(response);
    boolean same = now == null || now.equals(validator);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) != part.size() || !same) {
      part.restart(response.request().uri(), null);
      throw new IOException("the server's answer does not continue the file");
    }
    return matcher.group(2).equals("*") ? -1 : Long.parseLong(matcher.group(2));
  }

  private boolean copy(
      RemoteFile file, InputStream body, PartialFile part, long total, TransferListener listener)
      throws IOException {
    if (file.bytes() != null && total >= 0 && total != file.bytes()) {
      part.discard();
      throw new FetchException(
          "%s: has %,d bytes, expected %,d; refused: its source changed, or the address leads elsewhere"
              .formatted(file.address(), total, file.bytes()));
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    listener.advance(part.size(), total);
    try (StallGuard guard = new StallGuard(body, settings.stallTimeout())) {
      for (int read = guard.read(buffer); read >= 0; read = guard.read(buffer)) {
        part.append(buffer, read);
        listener.advance(part.size(), total);
      }
    }
    if (total >= 0 && part.size() != total) {
      throw new IOException("ended at byte %,d of %,d".formatted(part.size(), total));
    }
    return true;
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException(request.uri() + ": interrupted", e);
    }
  }

  /** Busy servers and broken ones may answer later; whoever says no will say it again. */
  private static IOException failure(HttpResponse<InputStream> response) {
    int status = response.statusCode();
    if (status == 408 || status == 429 || status >= 500) {
      return new IOException("the server answered " + status);
    }
    return new FetchException(
        "%s: the server answered %d%s; look for the file at the set's page, or put it into the folder by hand and run 'data verify'"
            .formatted(response.uri(), status, status == 404 ? " (not found)" : ""));
  }

  /** A strong ETag, else the date; a weak ETag must not stand in If-Range. */
  private static String validator(HttpResponse<InputStream> response) {
    return response
        .headers()
        .firstValue("ETag")
        .filter(tag -> !tag.startsWith("W/"))
        .or(() -> response.headers().firstValue("Last-Modified"))
        .orElse(null);
  }

  private static String reason(IOException broken) {
    if (broken.getMessage() != null) {
      return broken.getMessage();
    }
    return broken instanceof ConnectException
        ? "cannot connect; check the network and the address"
        : broken.getClass().getSimpleName();
  }

  private static void sleep(Duration pause) throws FetchException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
