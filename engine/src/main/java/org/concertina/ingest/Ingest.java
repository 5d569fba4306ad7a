package org.concertina.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import org.concertina.interaction.CanonicalData;
import org.concertina.interaction.DataFileWriter;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionFormatException;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/**
 * Makes a data file of logs: reads, cleans, splits and writes.
 *
 * <p>Interactions live off-heap: 8 bytes each while they are parsed, 4 more with times (8 if those
 * of 65,536 neighbouring interactions span 2^32 or more), and at most 16 bytes each at any later
 * moment. The text is never in memory as a whole. One thread.
 */
public final class Ingest {
  private final IngestConfig config;
  private final Path out;
  private final MemoryCap cap;
  private final List<CleaningStep> steps = new ArrayList<>();
  private final long start = System.nanoTime();
  private long textBytes;
  private long interactionsRead;
  private double readSeconds;

  private Ingest(IngestConfig config, Path out, MemoryCap cap) {
    this.config = config;
    this.out = out;
    this.cap = cap;
  }

  /**
   * Reads, cleans, splits and writes.
   *
   * @param out the data file, which appears whole or not at all
   * @param cap counts all off-heap memory
   * @param expectedHash the data hash that must come out; nothing is written if another does
   * @param onBytes told how many more bytes of the files have been read
   * @throws InteractionFormatException if a file cannot be read as it is, or nothing is left of it
   * @throws IOException if a file cannot be read or written
   */
  public static IngestReport run(
      IngestConfig config, Path out, MemoryCap cap, OptionalLong expectedHash, IntConsumer onBytes)
      throws IOException {
    Ingest ingest = new Ingest(config, out, cap);
    try (CappedArena arena = new CappedArena(cap)) {
      CanonicalData data =
          Files.isDirectory(config.files().getFirst())
              ? ingest.ofDirectory(arena)
              : ingest.ofFiles(arena, onBytes);
      if (expectedHash.isPresent() && expectedHash.getAsLong() != data.dataHash()) {
        throw new InteractionFormatException(
            config.files().getFirst(),
            0,
            "gives data hash %016x, expected %016x"
                .formatted(data.dataHash(), expectedHash.getAsLong()),
            "compare files and options with those of the data file that has this hash");
      }
      String provenance = IngestProvenance.json(config, ingest.textBytes, ingest.steps);
      long bytes = DataFileWriter.write(out, data, provenance, cap);
      return ingest.report(data, bytes);
    } catch (UncheckedIOException spilling) {
      throw spilling.getCause();
    }
  }

  private CanonicalData ofDirectory(CappedArena arena) throws IOException {
    Path directory = config.files().getFirst();
    boolean plain =
        config.files().size() == 1
            && config.cleaning().equals(CleaningOptions.NONE)
            && config.split().rule() == SplitRule.NONE
            && (config.format() == TextFormat.AUTO || config.format() == TextFormat.LINES);
    if (!plain) {
      throw new InteractionFormatException(
          directory,
          0,
          "a directory is taken as it is, with its train, valid and test",
          "name the files in it to clean or split them");
    }
    CanonicalData data = InteractionReader.readCanonical(directory, arena);
    long left =
        data.train().size()
            + data.validation().map(InteractionMatrix::size).orElse(0L)
            + data.test().map(InteractionMatrix::size).orElse(0L);
    interactionsRead = left + data.duplicatesDropped() + data.overlapsDropped();
    int users = data.userIds().length;
    int items = data.itemIds().length;
    steps.add(new CleaningStep("read", users, items, interactionsRead));
    steps.add(new CleaningStep("without repetitions", users, items, left));
    readSeconds = elapsed();
    return data;
  }

  private CanonicalData ofFiles(CappedArena arena, IntConsumer onBytes) throws IOException {
    try (CappedArena names = new CappedArena(cap)) {
      Ids ids = new Ids(new IdColumn(names), new IdColumn(names));
      List<long[]> ends = new ArrayList<>();
      try (UserRows rows = readAndGroup(ids, ends, onBytes)) {
        Repetitions.Dropped dropped = clean(rows, ends);
        Splitter.Ends split = split(rows, ends, ids);
        rows.freeTimes();
        boolean given = config.split().rule() == SplitRule.GIVEN;
        boolean made = !given && config.split().rule() != SplitRule.NONE;
        return CanonicalBuilder.build(
            rows,
            split,
            ids,
            made || !config.validationFiles().isEmpty(),
            made || !config.testFiles().isEmpty(),
            dropped.duplicates(),
            dropped.overlaps(),
            arena);
      }
    }
  }

  private UserRows readAndGroup(Ids ids, List<long[]> ends, IntConsumer onBytes)
      throws IOException {
    LogBuilder builder =
        new LogBuilder(
            ids,
            config.cleaning(),
            timeUse(),
            cap,
            out.resolveSibling(out.getFileName() + ".times.tmp"));
    try {
      readAll(builder, onBytes);
      ids.sort();
      return UserRows.group(
          builder.logs(),
          ids.userOrder(),
          ids.itemOrder(),
          timeUse() == LogBuilder.TimeUse.ORDER,
          ends);
    } finally {
      builder.logs().forEach(InteractionLog::close);
    }
  }

  private LogBuilder.TimeUse timeUse() {
    return switch (config.split().rule()) {
      case TEMPORAL -> LogBuilder.TimeUse.SPLIT;
      case LEAVE_ONE_OUT -> LogBuilder.TimeUse.ORDER;
      default -> LogBuilder.TimeUse.NONE;
    };
  }

  private void readAll(LogBuilder builder, IntConsumer onBytes) throws IOException {
    List<List<Path>> parts =
        config.split().rule() == SplitRule.GIVEN
            ? List.of(config.files(), config.validationFiles(), config.testFiles())
            : List.of(config.files());
    for (List<Path> part : parts) {
      builder.nextLog();
      for (Path file : part) {
        try (TextWindow window = TextWindow.open(file, onBytes)) {
          textBytes += TextReader.read(window, config.format(), config.columns(), builder);
        }
      }
      if (part.isEmpty()) {
        builder.begin(false);
      }
    }
    interactionsRead = builder.read();
    builder.report(steps);
    readSeconds = elapsed();
  }

  private Repetitions.Dropped clean(UserRows rows, List<long[]> ends) throws IOException {
    CleaningOptions cleaning = config.cleaning();
    Repetitions.Dropped dropped =
        switch (config.split().rule()) {
          case GIVEN, TEMPORAL, LEAVE_ONE_OUT ->
              Repetitions.dropOrdered(
                  rows, config.split().rule() == SplitRule.GIVEN ? ends : List.of());
          default -> Repetitions.dropUnordered(rows);
        };
    steps.add(rows.step("without repetitions"));
    if (cleaning.hasCore()) {
      KCore.keep(rows, cleaning.userCore(), cleaning.itemCore(), cap);
      steps.add(rows.step("core of %d and %d".formatted(cleaning.userCore(), cleaning.itemCore())));
    }
    if (cleaning.minHistory() > 1) {
      KCore.keepHistories(rows, cleaning.minHistory());
      steps.add(rows.step("histories of at least " + cleaning.minHistory()));
    }
    if (rows.size() == 0) {
      throw new InteractionFormatException(
          config.files().getFirst(),
          0,
          "no interaction is left after: " + steps.stream().map(CleaningStep::step).toList(),
          "clean less");
    }
    return dropped;
  }

  private Splitter.Ends split(UserRows rows, List<long[]> ends, Ids ids) throws IOException {
    if (config.storedSplit().isPresent()) {
      ReadOptions asItIs = ReadOptions.defaults().withValidationShare(0).withCap(cap);
      try (InteractionData stored = InteractionReader.read(config.storedSplit().get(), asItIs)) {
        return StoredSplit.apply(stored, ids, rows);
      }
    }
    if (config.split().rule() == SplitRule.GIVEN) {
      Splitter.Ends given = new Splitter.Ends(ends.get(0), ends.get(1));
      Splitter.sortParts(rows, given);
      return given;
    }
    return Splitter.split(rows, config.split(), ids::userKey);
  }

  private double elapsed() {
    return (System.nanoTime() - start) * 1e-9;
  }

  private IngestReport report(CanonicalData data, long fileBytes) {
    return new IngestReport(
        textBytes,
        interactionsRead,
        List.copyOf(steps),
        data.userIds().length,
        data.itemIds().length,
        data.userNames().isPresent(),
        data.itemNames().isPresent(),
        data.train().size(),
        data.validation().map(InteractionMatrix::size).orElse(0L),
        data.test().map(InteractionMatrix::size).orElse(0L),
        data.dataHash(),
        readSeconds,
        elapsed(),
        cap.peakBytes(),
        fileBytes);
  }
}
