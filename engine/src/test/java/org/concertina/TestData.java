package org.concertina;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.concertina.datasets.SyntheticConfig;
import org.concertina.datasets.SyntheticInteractions;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;

/** Interactions for tests, read by the real reader. */
public final class TestData {
  private TestData() {}

  /** A small long-tailed set with latent tastes. */
  public static InteractionData synthetic(Path dir, int users, int items) throws IOException {
    SyntheticConfig config = SyntheticConfig.small().withSize(users, items, 20).withTastes(8, 0.95);
    SyntheticInteractions.generate(config).writeTo(dir);
    return InteractionReader.read(dir, ReadOptions.defaults());
  }

  /**
   * Users of two tastes on a checkerboard: even users like all even items, odd users all odd items,
   * but of each user one liked item is withheld as test item. The withheld item must rank first.
   */
  public static InteractionData checkerboard(Path dir, int users, int items) throws IOException {
    try (BufferedWriter train = Files.newBufferedWriter(dir.resolve("train.txt"));
        BufferedWriter test = Files.newBufferedWriter(dir.resolve("test.txt"))) {
      for (int user = 0; user < users; user++) {
        int withheld = (user / 2 % (items / 2)) * 2 + user % 2;
        train.write(String.valueOf(user));
        for (int item = user % 2; item < items; item += 2) {
          if (item != withheld) {
            train.write(" " + item);
          }
        }
        train.write("\n");
        test.write(user + " " + withheld + "\n");
      }
    }
    return InteractionReader.read(dir, ReadOptions.defaults().withValidationShare(0));
  }
}
