package org.concertina.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.Precision;

/** A middling artifact: 500 items, 4 groups, all precisions, free and shared masks. */
final class ServingFixture {
  static final int ITEMS = 500;
  static final int DIM = 32;
  static final int USERS = 60;

  private ServingFixture() {}

  static ArtifactFixture write(Path file) throws IOException {
    ArtifactFixture fixture = make();
    fixture.write(file);
    return fixture;
  }

  /** The same with a prior. */
  static ArtifactFixture writeWithPrior(Path file) throws IOException {
    ArtifactFixture plain = make();
    ArtifactFixture fixture = plain.withPrior(plain.randomPrior(1));
    fixture.write(file);
    return fixture;
  }

  /** The same, with the second group dropped. */
  static ArtifactFixture writeWithDropped(Path file, boolean prior) throws IOException {
    ArtifactFixture plain = make();
    ArtifactFixture dropped = plain.withConfig(plain.config().withChoice(1, BlockChoice.DROPPED));
    ArtifactFixture fixture = prior ? dropped.withPrior(dropped.randomPrior(1)) : dropped;
    fixture.write(file);
    return fixture;
  }

  /** The same with users. */
  static ArtifactFixture writeWithUsers(Path file, Precision precision, boolean prior)
      throws IOException {
    ArtifactFixture plain = make().withUsers(5, USERS, precision);
    ArtifactFixture fixture = prior ? plain.withPrior(plain.randomPrior(1)) : plain;
    fixture.write(file);
    return fixture;
  }

  /** Floats in [-3, 3). */
  static float[] randomFloats(SplittableRandom random, int n) {
    float[] floats = new float[n];
    for (int i = 0; i < n; i++) {
      floats[i] = (float) random.nextDouble(-3, 3);
    }
    return floats;
  }

  private static ArtifactFixture make() {
    ArtifactFixture random =
        ArtifactFixture.of(31, Groups.equalCount(ITEMS, 4), new BlockShape(8, 4));
    return random.withConfig(
        random
            .config()
            .withChoice(0, BlockChoice.prefix(8, Precision.FP32))
            .withChoice(1, new BlockChoice(0b11001, Precision.INT8))
            .withChoice(2, new BlockChoice(0b11001, Precision.INT4))
            .withChoice(3, BlockChoice.prefix(1, Precision.INT8)));
  }
}
