package org.concertina.cli;

import java.nio.charset.StandardCharsets;
import org.concertina.ingest.CleaningOptions;
import org.concertina.ingest.ColumnNames;
import org.concertina.ingest.SplitOptions;
import org.concertina.ingest.SplitRule;
import org.concertina.ingest.TextFormat;
import org.concertina.ingest.TimeText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How {@code ingest} reads, cleans and splits. */
final class IngestOptions {
  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "auto",
      description = "Form of the files: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TextFormat format;

  @Option(
      names = "--user-col",
      paramLabel = "NAME",
      description =
          "Column or JSON key of the user; a number counts columns from 1 and says that there is"
              + " no header (default: a common name).")
  private String user;

  @Option(names = "--item-col", paramLabel = "NAME", description = "Likewise of the item.")
  private String item;

  @Option(names = "--rating-col", paramLabel = "NAME", description = "Likewise of the rating.")
  private String rating;

  @Option(names = "--time-col", paramLabel = "NAME", description = "Likewise of the time.")
  private String time;

  @Option(
      names = "--min-rating",
      paramLabel = "R",
      description = "Only ratings of at least this count as interactions (default: all).")
  private double minRating = Double.NaN;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "Only interactions from this time on: a number in the unit of the data, or a date such as"
              + " 2026-11-24 or 2026-11-24T15:30:00Z if the data has seconds or dates.")
  private long from = Long.MIN_VALUE;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Only interactions before this time.")
  private long to = Long.MAX_VALUE;

  @Option(
      names = "--k-core",
      paramLabel = "K",
      description = "Drop users and items with fewer interactions until none is left.")
  private int core;

  @Option(names = "--user-core", paramLabel = "K", description = "Likewise for users alone.")
  private int userCore;

  @Option(names = "--item-core", paramLabel = "K", description = "Likewise for items alone.")
  private int itemCore;

  @Option(
      names = "--min-history",
      paramLabel = "N",
      description = "Drop users with fewer interactions, once, after the k-core.")
  private int minHistory;

  @Option(
      names = "--split",
      paramLabel = "RULE",
      description = {
        "none: a share of each user's items is held out when the data is read;",
        "ratio: a random share of each user's items;",
        "temporal: the latest share of all interactions;",
        "leave-one-out: each user's last interaction for test, the one before for validation;",
        "cold-users: a random share of the users (default: none; given with --valid or --test,"
            + " stored with --split-from)."
      })
  private SplitRule split;

  @Option(
      names = "--valid-share",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "Share for validation (default: ${DEFAULT-VALUE}).")
  private double validationShare;

  @Option(
      names = "--test-share",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "Share for test (default: ${DEFAULT-VALUE}).")
  private double testShare;

  /** Reads a time as the data's times are read. */
  static final class TimeConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return TimeText.parse(text.getBytes(StandardCharsets.UTF_8))
          .orElseThrow(
              () -> new TypeConversionException("'" + text + "' is neither a number nor a date"));
    }
  }

  TextFormat format() {
    return format;
  }

  ColumnNames columns() {
    return new ColumnNames(user, item, rating, time);
  }

  CleaningOptions cleaning() {
    return new CleaningOptions(
        minRating, from, to, Math.max(core, userCore), Math.max(core, itemCore), minHistory);
  }

  SplitOptions split(boolean given, boolean stored, long seed) {
    SplitRule byFiles = given ? SplitRule.GIVEN : stored ? SplitRule.STORED : SplitRule.NONE;
    SplitRule rule = split != null ? split : byFiles;
    return new SplitOptions(rule, validationShare, testShare, seed);
  }
}
