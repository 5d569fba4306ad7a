package org.concertina.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.concertina.baseline.CodedGroups.Choice;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.IdBytes;
import org.concertina.block.Precision;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodedGroupsTest {
  private static final BlockShape SHAPE = new BlockShape(4, 8);
  private static final int ITEMS = 3_000;
  private static final int GROUPS = 6;
  private static final ArtifactLayout LAYOUT =
      new ArtifactLayout(
          Groups.equalCount(ITEMS, GROUPS), SHAPE, IdBytes.fixed(500), CodedPriors.all(GROUPS));

  private static long uniformBytes(int bits, int blocks) {
    return CodedGroups.uniform(SHAPE, GROUPS, new Choice(bits, blocks)).fileBytes(LAYOUT);
  }

  @Test
  void bytesAreThoseOfAnArtifact() {
    for (int blocks = 1; blocks <= SHAPE.blocks(); blocks++) {
      for (Precision precision : List.of(Precision.INT4, Precision.INT8)) {
        ElasticConfig config = ElasticConfig.uniform(SHAPE, GROUPS, blocks, precision);
        assertEquals(LAYOUT.fileBytes(config), uniformBytes(precision.bits(), blocks));
      }
    }
    // 6 groups of 32 tiles of 16 rows, 16 elements of 2 bits each.
    long rows = 6 * 32 * 16 * 4;
    assertEquals(rows, uniformBytes(2, 2) - uniformBytes(1, 2) * 2 + uniformBytes(2, 2));
    assertEquals(uniformBytes(2, 2), uniformBytes(1, 4));
  }

  @Test
  void laddersGrow() {
    assertEquals(
        List.of(new Choice(4, 1), new Choice(4, 2), new Choice(4, 3), new Choice(4, 4)),
        CodedGroups.ladder(SHAPE, List.of(4)));
    assertEquals(
        List.of(
            new Choice(1, 1),
            new Choice(1, 2),
            new Choice(1, 3),
            new Choice(1, 4),
            new Choice(2, 3),
            new Choice(2, 4),
            new Choice(4, 3),
            new Choice(4, 4)),
        CodedGroups.ladder(SHAPE, List.of(1, 2, 4)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 4, 64})
  void popularGroupsTakeMoreAndBudgetsHold(double skew) {
    List<Choice> ladder = CodedGroups.ladder(SHAPE, List.of(2, 4));
    long least = uniformBytes(2, 1);
    long last = 0;
    for (long budget = least; budget <= uniformBytes(4, 4); budget += 5_000) {
      CodedGroups coded = CodedGroups.skewed(LAYOUT, ladder, skew, budget).orElseThrow();
      long bytes = coded.fileBytes(LAYOUT);
      assertTrue(bytes <= budget && bytes >= last, bytes + " of " + budget);
      last = bytes;
      for (int g = 1; g < GROUPS; g++) {
        int before = ladder.indexOf(coded.choices().get(g - 1));
        assertTrue(ladder.indexOf(coded.choices().get(g)) <= before, coded.toString());
      }
    }
    assertEquals(
        CodedGroups.uniform(SHAPE, GROUPS, new Choice(4, 4)),
        CodedGroups.skewed(LAYOUT, ladder, skew, uniformBytes(4, 4)).orElseThrow());
    assertFalse(CodedGroups.skewed(LAYOUT, ladder, skew, least - 1).isPresent());
  }

  @Test
  void decodedRowsKeepTheirBlocksAndPointTheSameWay() {
    try (CappedArena arena = CappedArena.unlimited();
        WorkerPool pool = new WorkerPool(2)) {
      FloatTable items = FloatTable.allocate(arena, ITEMS, SHAPE.dim(), "items");
      for (int item = 0; item < ITEMS; item++) {
        for (int k = 0; k < SHAPE.dim(); k++) {
          items.set(item, k, (float) CounterRandom.gaussian(3, (long) item * SHAPE.dim() + k));
        }
      }
      List<Choice> choices =
          List.of(
              new Choice(8, 4),
              new Choice(4, 3),
              new Choice(4, 1),
              new Choice(2, 4),
              new Choice(2, 2),
              new Choice(1, 4));
      FloatTable rows =
          new CodedGroups(SHAPE, choices).decoded(items, LAYOUT.groups(), arena, pool);
      double[] leastCosine = {0.9999, 0.98, 0.98, 0.85, 0.8, 0.55};
      for (int item = 0; item < ITEMS; item++) {
        int group = LAYOUT.groups().groupOf(item);
        int kept = choices.get(group).blocks() * SHAPE.blockDim();
        double dot = 0;
        double squared = 0;
        for (int k = 0; k < SHAPE.dim(); k++) {
          dot += (double) items.get(item, k) * rows.get(item, k);
          squared += k < kept ? (double) items.get(item, k) * items.get(item, k) : 0;
          assertTrue(k < kept || rows.get(item, k) == 0, item + ", " + k);
        }
        assertTrue(dot / Math.sqrt(squared) > leastCosine[group], "item " + item);
      }
    }
  }

  @Test
  void wrongChoicesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Choice(3, 1));
    assertThrows(IllegalArgumentException.class, () -> new Choice(2, 0));
    IllegalArgumentException tooMany =
        assertThrows(
            IllegalArgumentException.class,
            () -> CodedGroups.uniform(SHAPE, GROUPS, new Choice(2, 5)));
    assertTrue(tooMany.getMessage().contains("at most 4, got 5"), tooMany.getMessage());
  }
}
