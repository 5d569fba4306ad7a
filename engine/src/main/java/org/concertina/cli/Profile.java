package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** A Flight Recorder recording of this process, from {@link #start} to {@link #finish}. */
final class Profile implements AutoCloseable {
  private static final String SETTINGS = "profile";

  private final Path file;
  private final Recording recording;

  private Profile(Path file, Recording recording) {
    this.file = file;
    this.recording = recording;
  }

  /**
   * Starts to record with the JDK's settings for profiling and the engine's events.
   *
   * @throws CommandFailure if this JDK cannot record
   */
  static Profile start(Path file) throws IOException, CommandFailure {
    try {
      Recording recording = new Recording(Configuration.getConfiguration(SETTINGS));
      recording.setName("concertina");
      recording.start();
      return new Profile(file, recording);
    } catch (ParseException | IllegalStateException unavailable) {
      throw new CommandFailure(
          "--profile: this JDK cannot record (%s); use a full JDK 25, or leave --profile out"
              .formatted(unavailable.getMessage()));
    }
  }

  /** Stops, writes the file, and reads it. */
  ProfileSummary finish() throws IOException {
    recording.stop();
    recording.dump(file);
    return ProfileSummary.read(file);
  }

  /** Ends the recording; one that is not finished leaves no file. */
  @Override
  public void close() {
    recording.close();
  }
}
