package org.concertina.interaction;

import static org.concertina.interaction.InteractionFiles.text;
import static org.concertina.interaction.InteractionFiles.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HoldOutTest {
  @TempDir private Path dir;

  @ParameterizedTest
  @CsvSource({
    "0.1, 4, 0", "0.1, 5, 1", "0.1, 14, 1", "0.1, 15, 2", "0.1, 100, 10", "0.09, 5, 0",
    "0, 1000, 0", "0.5, 5, 3", "0.99, 5, 4", "0.999, 1000, 999", "0.1, 0, 0"
  })
  void holdsTheRoundedShareOfUsersWithFiveItems(double share, int degree, int held) {
    assertEquals(held, HoldOut.heldCount(share, degree));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 2, Double.NaN})
  void refusesOtherShares(double share) {
    assertThrows(
        IllegalArgumentException.class, () -> ReadOptions.defaults().withValidationShare(share));
  }

  @Test
  void splitsTheTrainingItemsOfEachUser() throws IOException {
    write(dir, "train.txt", String.join("\n", lines(300)));
    try (InteractionData data = InteractionReader.read(dir, ReadOptions.defaults())) {
      for (int user = 0; user < data.users(); user++) {
        int degree = data.train().degree(user) + data.validation().degree(user);
        assertEquals(HoldOut.heldCount(0.1, degree), data.validation().degree(user));
        for (long at = data.validation().begin(user); at < data.validation().end(user); at++) {
          assertFalse(data.train().contains(user, data.validation().itemAt(at)));
        }
      }
      int[] count = new int[data.items()];
      for (long at = 0; at < data.train().size(); at++) {
        count[data.train().itemAt(at)]++;
      }
      for (int item = 0; item < data.items(); item++) {
        assertEquals(count[item], data.popularity(item));
        assertTrue(item == 0 || data.popularity(item - 1) >= count[item]);
        if (item > 0 && count[item - 1] == count[item]) {
          assertTrue(data.itemId(item - 1) < data.itemId(item));
        }
      }
    }
  }

  @Test
  void dependsOnTheSeedAndNotOnTheOrderOfLines() throws IOException {
    List<String> lines = lines(300);
    write(dir, "train.txt", String.join("\n", lines));
    String held = held(1);
    assertEquals(held, held(1));
    assertNotEquals(held, held(2));
    Collections.shuffle(lines, new Random(5));
    write(dir, "train.txt", String.join("\n", lines));
    assertEquals(held, held(1));
  }

  @Test
  void aUsersDrawDoesNotDependOnOtherUsers() throws IOException {
    List<String> lines = lines(300);
    write(dir, "train.txt", String.join("\n", lines));
    String held = held(1);
    write(dir, "train.txt", lines.get(299));
    String alone = held(1);
    assertTrue(alone.length() > 0);
    assertEquals(sortedItems(held.substring(held.lastIndexOf('\n', held.length() - 2) + 1)),
        sortedItems(alone));
  }

  @Test
  void drawIsPinned() throws IOException {
    write(dir, "train.txt", "3 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24\n");
    // Computed apart from the JDK, by the published algorithm of SplittableRandom.
    assertEquals("3: 3 14 16\n", held(1));
  }

  @Test
  void drawIsUniform() throws IOException {
    StringBuilder train = new StringBuilder();
    for (int user = 0; user < 5000; user++) {
      train.append(user).append(" 0 1 2 3 4 5 6 7 8 9\n");
    }
    write(dir, "train.txt", train.toString());
    ReadOptions options = ReadOptions.defaults().withValidationShare(0.3);
    try (InteractionData data = InteractionReader.read(dir, options)) {
      for (int item = 0; item < 10; item++) {
        // Binomial(5000, 0.7) has a standard deviation of 32; five of them.
        assertEquals(3500, data.popularity(item), 162);
      }
    }
  }

  private String held(long seed) throws IOException {
    try (InteractionData data =
        InteractionReader.read(dir, ReadOptions.defaults().withSeed(seed))) {
      return text(data, data.validation());
    }
  }

  private static List<String> sortedItems(String line) {
    List<String> items = new ArrayList<>(List.of(line.strip().split(" ")));
    Collections.sort(items);
    return items;
  }

  private static List<String> lines(int users) {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      StringBuilder line = new StringBuilder().append(user * 3);
      int degree = user == users - 1 ? 40 : random.nextInt(40);
      for (int i = 0; i < degree; i++) {
        line.append(' ').append(random.nextInt(200));
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
