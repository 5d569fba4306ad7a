package org.concertina.cli;

import org.concertina.record.RunEnvironment;
import picocli.CommandLine.IVersionProvider;

/** The version that is printed and that goes into every file's provenance. */
final class EngineVersion implements IVersionProvider {
  /** The jar's version, or that of a build that is not in a jar. */
  static String current() {
    return RunEnvironment.engineVersion();
  }

  @Override
  public String[] getVersion() {
    return new String[] {"concertina " + current()};
  }
}
