package org.concertina.datasets.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Brings the files of a data set into a folder. One thread at a time. */
public final class DatasetFetcher {
  private final HttpDownload download;

  /** A fetcher that downloads by this client, which stays its owner's. */
  public DatasetFetcher(HttpDownload download) {
    this.download = download;
  }

  /**
   * A file that is in the folder now.
   *
   * @param sha256 of its bytes
   * @param checkedBy the kind of sum that it matched, null if the catalogue knows none
   * @param downloaded false if it was there already
   */
  public record Fetched(
      String name, Path path, long bytes, String sha256, String checkedBy, boolean downloaded) {}

  /**
   * Downloads what is not there, or all of it, and unpacks archives.
   *
   * @param folder must exist
   * @param fresh whether to download what is there too
   * @throws FetchException if a file cannot be had or is not what it should be
   */
  public List<Fetched> fetch(
      DatasetEntry entry, Path folder, boolean fresh, TransferListener listener)
      throws IOException {
    List<Fetched> all = new ArrayList<>();
    for (RemoteFile file : entry.files()) {
      Path target = folder.resolve(file.name());
      Fetched fetched = fresh ? null : present(file, target, listener);
      if (fetched == null) {
        fetched = fetched(file, target, download.fetch(file, target, listener), true);
      }
      if (file.unpack() && (fetched.downloaded() || !isUnpacked(entry, folder))) {
        listener.note("unpacks " + file.name());
        Unzip.unpack(target, folder);
      }
      all.add(fetched);
    }
    return all;
  }

  private static Fetched present(RemoteFile file, Path target, TransferListener listener)
      throws IOException {
    if (!Files.isRegularFile(target)) {
      return null;
    }
    Map<Checksums.Kind, String> sums = Checksums.of(target);
    if (!sums.entrySet().containsAll(file.knownSums().entrySet())) {
      listener.note(target + ": is not what the catalogue knows, fetches it again");
      return null;
    }
    return fetched(file, target, sums, false);
  }

  private static Fetched fetched(
      RemoteFile file, Path target, Map<Checksums.Kind, String> sums, boolean downloaded)
      throws IOException {
    String checkedBy =
        file.knownSums().keySet().stream().findFirst().map(Checksums.Kind::label).orElse(null);
    return new Fetched(
        file.name(),
        target,
        Files.size(target),
        sums.get(Checksums.Kind.SHA_256),
        checkedBy,
        downloaded);
  }

  private static boolean isUnpacked(DatasetEntry entry, Path folder) {
    return entry.content().values().stream()
        .allMatch(name -> Files.isRegularFile(folder.resolve(name)));
  }
}
