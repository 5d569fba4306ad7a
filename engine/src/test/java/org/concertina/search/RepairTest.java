package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.estimate.Draws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepairTest {
  @ParameterizedTest
  @CsvSource({
    "true, true, false",
    "true, false, false",
    "false, true, false",
    "false, false, false",
    "true, true, true",
    "true, false, true",
    "false, true, true",
    "false, false, true"
  })
  void mutantsComeBackIntoTheSpaceAndUseTheBudget(
      boolean nestedOnly, boolean monotone, boolean dropped) {
    SmallSpace kept = SmallSpace.of(nestedOnly, monotone, Precision.values());
    SmallSpace small = dropped ? kept.withDropped() : kept;
    Mutations mutations = new Mutations(small.space());
    Draws draws = new Draws(4);
    for (long budgetBytes : small.budgets(9)) {
      Repair repair = new Repair(small.space(), budgetBytes);
      Genome genome = Genome.of(small.layout(), small.space().largest());
      for (int i = 0; i < 200; i++) {
        mutations.mutateInPlace(genome, draws);
        repair.repairInPlace(genome, draws);
        ElasticConfig config = genome.toConfig();
        assertEquals(small.layout().fileBytes(config), genome.fileBytes());
        assertTrue(genome.fileBytes() <= budgetBytes, "too large");
        assertTrue(small.space().contains(config), config::toString);
        assertNothingFits(small, genome, repair);
      }
    }
  }

  private static void assertNothingFits(SmallSpace small, Genome genome, Repair repair) {
    for (int g = 0; g < genome.groups(); g++) {
      for (BlockChoice choice : small.space().larger(genome.choice(g))) {
        assertFalse(
            genome.fileBytesWith(g, choice) <= repair.budgetBytes()
                && repair.keepsOrder(genome, g, choice),
            "left over");
      }
    }
  }

  @Test
  void theLastStepDownIsNothingButForTheFirstGroup() {
    SmallSpace small = SmallSpace.of(true, false, Precision.values()).withDropped();
    SearchSpace space = small.space();
    BlockChoice one = BlockChoice.prefix(1, Precision.INT2);
    assertEquals(List.of(BlockChoice.DROPPED), space.smaller(1, one));
    assertEquals(List.of(), space.smaller(0, one));
    assertEquals(List.of(), space.smaller(1, BlockChoice.DROPPED));
    assertEquals(List.of(one), space.larger(BlockChoice.DROPPED));
    assertEquals(List.of(), space.withPrecisionTraded(BlockChoice.DROPPED, 1));
    assertEquals(
        List.of(one, BlockChoice.DROPPED, BlockChoice.DROPPED), space.smallest().choices());
    assertFalse(
        space.contains(new ElasticConfig(space.shape(), List.of(BlockChoice.DROPPED, one, one))));
    assertFalse(SmallSpace.of(true, false, Precision.INT4).space().contains(space.smallest()));
    // A genome knows its bytes where ids go with a group, padding and all.
    Genome genome = Genome.of(small.layout(), space.largest());
    for (int g = 2; g > 0; g--) {
      long ahead = genome.fileBytesWith(g, BlockChoice.DROPPED);
      genome.set(g, BlockChoice.DROPPED);
      assertEquals(small.layout().fileBytes(genome.toConfig()), genome.fileBytes());
      assertEquals(ahead, genome.fileBytes());
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void stepsStayInTheSpace(boolean nestedOnly) {
    SearchSpace space = SmallSpace.of(nestedOnly, false, Precision.values()).space();
    List<BlockChoice> all = space.choices();
    assertEquals(nestedOnly ? 16 : 60, all.size());
    for (BlockChoice choice : all) {
      for (BlockChoice larger : space.larger(choice)) {
        assertTrue(all.contains(larger) && space.rowBytes(larger) > space.rowBytes(choice));
        assertTrue(space.smaller(0, larger).contains(choice));
      }
      for (int by = -1; by <= 1; by += 2) {
        for (BlockChoice traded : space.withPrecisionTraded(choice, by)) {
          assertTrue(all.contains(traded) && traded.precision() != choice.precision());
          assertTrue(space.rowBytes(traded) <= space.rowBytes(choice));
          for (BlockChoice more : space.withBlockAdded(traded)) {
            assertTrue(space.rowBytes(more) > space.rowBytes(choice), choice + " for " + traded);
          }
        }
      }
    }
  }
}
