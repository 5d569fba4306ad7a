package org.concertina.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that is printed and that goes into every file's provenance. */
final class EngineVersion implements IVersionProvider {
  private static final String UNPACKAGED = "0.1.0-dev";

  /** The jar's version, or that of a build that is not in a jar. */
  static String current() {
    String packaged = EngineVersion.class.getPackage().getImplementationVersion();
    return packaged == null ? UNPACKAGED : packaged;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"concertina " + current()};
  }
}
