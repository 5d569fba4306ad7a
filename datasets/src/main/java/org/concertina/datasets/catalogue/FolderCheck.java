package org.concertina.datasets.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Compares a folder with what the catalogue says of a data set. */
public final class FolderCheck {
  private static final List<String> SPLITS = List.of("train", "valid", "test");

  private final DatasetEntry entry;
  private final Path folder;
  private final List<Finding> findings = new ArrayList<>();

  private FolderCheck(DatasetEntry entry, Path folder) {
    this.entry = entry;
    this.folder = folder;
  }

  /** What came of one check. */
  public enum Verdict {
    /** As it should be. */
    OK,
    /** Not as it should be. */
    WRONG,
    /** Cannot be told. */
    UNCHECKED
  }

  /**
   * One check.
   *
   * @param subject a file, or what was counted
   * @param found what is there
   * @param expected what should be, or why that cannot be told
   */
  public record Finding(String subject, Verdict verdict, String found, String expected) {}

  /**
   * Checks sums and counts.
   *
   * <p>Counted is the set's own content where the folder has it, else {@code train.txt}, {@code
   * valid.txt} and {@code test.txt}, each plain or as {@code .gz}.
   *
   * @throws IOException if a file cannot be read or is not of its format
   */
  public static List<Finding> of(DatasetEntry entry, Path folder) throws IOException {
    FolderCheck check = new FolderCheck(entry, folder);
    check.checkSums();
    check.checkCounts();
    return check.findings;
  }

  private void checkSums() throws IOException {
    for (RemoteFile file : entry.files()) {
      Optional<Path> found = PlainOrGzip.find(folder, file.name());
      if (found.isEmpty()) {
        add(file.name(), Verdict.UNCHECKED, "not there", "fetch it to compare it");
        continue;
      }
      boolean repacked = PlainOrGzip.isGzip(found.get()) && !file.name().endsWith(".gz");
      Map<Checksums.Kind, String> sums = sums(found.get(), repacked);
      String sha256 = "sha256 " + sums.get(Checksums.Kind.SHA_256);
      if (file.knownSums().isEmpty()) {
        add(file.name(), Verdict.UNCHECKED, sha256, "the catalogue knows no sum");
      } else if (sums.entrySet().containsAll(file.knownSums().entrySet())) {
        Checksums.Kind kind = file.knownSums().keySet().iterator().next();
        add(file.name(), Verdict.OK, kind.label() + " " + sums.get(kind), "the same");
      } else if (repacked) {
        String name = found.get().getFileName().toString();
        add(name, Verdict.UNCHECKED, sha256, "repacked, other bytes than the source's");
      } else {
        Map.Entry<Checksums.Kind, String> known = file.knownSums().entrySet().iterator().next();
        add(
            file.name(),
            Verdict.WRONG,
            known.getKey().label() + " " + sums.get(known.getKey()),
            known.getValue());
      }
    }
  }

  private static Map<Checksums.Kind, String> sums(Path file, boolean repacked) throws IOException {
    if (!repacked) {
      return Checksums.of(file);
    }
    long size;
    try (InputStream in = PlainOrGzip.open(file)) {
      size = in.transferTo(OutputStream.nullOutputStream());
    }
    try (InputStream in = PlainOrGzip.open(file)) {
      return Checksums.of(in, size);
    }
  }

  private void checkCounts() throws IOException {
    ContentCounter counter = new ContentCounter(entry.format());
    boolean complete = true;
    for (Map.Entry<String, String> content : entry.content().entrySet()) {
      Optional<Path> file = PlainOrGzip.find(folder, content.getValue());
      if (file.isPresent()) {
        counter.add(content.getKey(), file.get());
      } else {
        complete = false;
      }
    }
    if (!complete) {
      counter = countSplits();
    }
    if (counter.interactions().isEmpty()) {
      add("counts", Verdict.WRONG, "no interactions in " + folder, content());
      return;
    }
    compare("users", (long) counter.users(), toLong(entry.expected().users()));
    compare("items", (long) counter.items(), toLong(entry.expected().items()));
    boolean split = counter.interactions().containsKey("train");
    if (split && entry.expected().train() != null) {
      counter
          .interactions()
          .forEach((name, count) -> compare(name, count, entry.expected().ofSplit(name)));
    } else {
      compare("interactions", counter.total(), entry.expected().total());
    }
  }

  private ContentCounter countSplits() throws IOException {
    ContentCounter counter = new ContentCounter(ContentFormat.lines());
    for (String split : SPLITS) {
      Optional<Path> file = PlainOrGzip.find(folder, split + ".txt");
      if (file.isPresent()) {
        counter.add(split, file.get());
      }
    }
    return counter;
  }

  private String content() {
    return "expected " + String.join(", ", entry.content().values());
  }

  private void compare(String subject, Long found, Long expected) {
    Verdict verdict =
        expected == null
            ? Verdict.UNCHECKED
            : Objects.equals(found, expected) ? Verdict.OK : Verdict.WRONG;
    add(
        subject,
        verdict,
        "%,d".formatted(found),
        expected == null ? "not in the catalogue" : "%,d".formatted(expected));
  }

  private static Long toLong(Integer value) {
    return value == null ? null : Long.valueOf(value);
  }

  private void add(String subject, Verdict verdict, String found, String expected) {
    findings.add(new Finding(subject, verdict, found, expected));
  }
}
