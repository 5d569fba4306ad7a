package org.concertina.ingest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.concertina.interaction.SplitParser;
import org.concertina.memory.MemoryCap;

/** Takes parsed interactions, drops those out of bounds and counts. Not thread-safe. */
final class LogBuilder implements SplitParser.Sink {
  private final IdColumn users;
  private final IdColumn items;
  private final CleaningOptions cleaning;
  private final TimeUse timeUse;
  private final MemoryCap cap;
  private final Path spill;
  private final List<InteractionLog> logs = new ArrayList<>();
  private final Counter rated = new Counter();
  private final Counter timely = new Counter();
  private long read;
  private int lineUser;
  private InteractionLog log;

  /**
   * A builder without logs.
   *
   * @param spill file for the times, which exists as long as the log does
   */
  LogBuilder(Ids ids, CleaningOptions cleaning, TimeUse timeUse, MemoryCap cap, Path spill) {
    this.users = ids.users();
    this.items = ids.items();
    this.spill = spill;
    this.cleaning = cleaning;
    this.timeUse = timeUse;
    this.cap = cap;
  }

  /** What the times of interactions are kept for. */
  enum TimeUse {
    /** Nothing. */
    NONE,
    /** The order of a user's interactions, which without times is that of the file. */
    ORDER,
    /** The split itself. */
    SPLIT
  }

  /** Interactions and who and what they are of. */
  private static final class Counter {
    private final BitSet users = new BitSet();
    private final BitSet items = new BitSet();
    private long interactions;

    void add(int user, int item) {
      users.set(user);
      items.set(item);
      interactions++;
    }

    CleaningStep step(String name) {
      return new CleaningStep(name, users.cardinality(), items.cardinality(), interactions);
    }
  }

  /** What follows goes to a log of its own. */
  void nextLog() {
    log = null;
  }

  /** Begins a file; false if the log holds times and the file does not, or the reverse. */
  boolean begin(boolean hasTimes) throws IOException {
    boolean timed = hasTimes && timeUse != TimeUse.NONE;
    if (log == null) {
      log = new InteractionLog(cap, timed ? TimeSpill.create(spill) : null);
      logs.add(log);
    }
    return log.timed() == timed;
  }

  /** The logs, in order; the caller closes them. */
  List<InteractionLog> logs() {
    return logs;
  }

  IdColumn users() {
    return users;
  }

  IdColumn items() {
    return items;
  }

  /** Whether an interaction without a rating would be of no use. */
  boolean needsRatings() {
    return cleaning.hasMinRating();
  }

  /** Whether an interaction without a time would be of no use. */
  boolean needsTimes() {
    return cleaning.hasTimeWindow() || timeUse == TimeUse.SPLIT;
  }

  @Override
  public void beginLine(int userId) {
    lineUser = users.indexOf(userId);
  }

  @Override
  public void addItem(int itemId) {
    add(lineUser, items.indexOf(itemId), 0, 0);
  }

  void add(int user, int item, double rating, long time) {
    read++;
    if (cleaning.hasMinRating()) {
      if (rating < cleaning.minRating()) {
        return;
      }
      rated.add(user, item);
    }
    if (cleaning.hasTimeWindow()) {
      if (time < cleaning.from() || time >= cleaning.to()) {
        return;
      }
      timely.add(user, item);
    }
    log.add(user, item, time);
  }

  long read() {
    return read;
  }

  /** What was read and what each filter left. */
  void report(List<CleaningStep> steps) {
    steps.add(new CleaningStep("read", users.size(), items.size(), read));
    if (cleaning.hasMinRating()) {
      steps.add(rated.step("rating >= " + cleaning.minRating()));
    }
    if (cleaning.hasTimeWindow()) {
      steps.add(timely.step("time window"));
    }
  }
}
