package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  /** Full table: 1,000 x 64 x 4 bytes. */
  private static final ArtifactLayout LAYOUT =
      new ArtifactLayout(Groups.equalCount(1_000, 4), new BlockShape(8, 8), 0);

  @ParameterizedTest
  @CsvSource({
    "1MB, 1000000, 1MB",
    "2.5MB, 2500000, 2.5MB",
    "512KiB, 524288, 512KiB",
    "1MiB, 1048576, 1MiB",
    "10%, 25600, 10%",
    "2.5 %, 6400, 2.5%",
    "123456, 123456, 123456",
    "100, 100, 100",
    "77B, 77, 77",
    "1kb, 1000, 1KB",
    "0.5gib, 536870912, 0.5GiB",
    "1.50mb, 1500000, 1.5MB",
    "0.0015KB, 1, 0.0015KB"
  })
  void reads(String text, long bytes, String normal) {
    Budget budget = Budget.parse(text);
    assertEquals(bytes, budget.bytes(LAYOUT));
    assertEquals(normal, budget.toString());
    assertEquals(budget, Budget.parse(budget.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "MB", "-1MB", "1e6", "1,5MB", "1 mega", "1MB2", "10%%", "0x10", "NaN"})
  void saysWhatWasExpected(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Budget.parse(text)).getMessage();
    assertTrue(message.contains("'" + text + "'") && message.contains("2.5MB"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0MB", "0.0%"})
  void zeroIsTooLittle(String text) {
    assertThrows(IllegalArgumentException.class, () -> Budget.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999GB", "9223372036854775808", "0.1", "0.0001%"})
  void bytesMustFitALong(String text) {
    Budget budget = Budget.parse(text);
    assertThrows(IllegalArgumentException.class, () -> budget.bytes(LAYOUT));
  }

  @Test
  void tooSmallNamesTheSmallestAndTheRemedy() {
    SearchSpace space = SearchSpace.nested(LAYOUT.shape(), 4, List.of(Precision.FP32));
    long smallest = LAYOUT.fileBytes(space.smallest());
    space.checkBudget(LAYOUT, smallest);
    BudgetTooSmallException error =
        assertThrows(BudgetTooSmallException.class, () -> space.checkBudget(LAYOUT, smallest - 1));
    assertEquals(smallest, error.smallestBytes());
    assertEquals(smallest - 1, error.budgetBytes());
    assertTrue(error.getMessage().contains(smallest + " bytes"), error.getMessage());
    assertTrue(error.getMessage().contains("int2"), error.getMessage());
  }
}
