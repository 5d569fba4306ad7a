package org.concertina.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.concertina.memory.CappedArena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdColumnTest {
  /** Numbers up to these bounds: dense, with gaps, and all over the range. */
  @ParameterizedTest
  @ValueSource(ints = {900, 5_000, 40_000, 3_000_000, 2_147_483_647})
  void numbersGetTheIndicesOfTheirFirstAppearance(int bound) {
    SplittableRandom random = new SplittableRandom(bound);
    Map<String, Integer> expected = new HashMap<>();
    try (CappedArena arena = CappedArena.unlimited()) {
      IdColumn column = new IdColumn(arena);
      for (int i = 0; i < 20_000; i++) {
        String id = Integer.toString(random.nextInt(bound));
        expected.putIfAbsent(id, expected.size());
        byte[] text = Texts.bytes("<" + id + ">");
        assertEquals(expected.get(id), column.indexOf(text, 1, text.length - 1));
      }
      assertNull(column.names());
      assertOrder(column, expected, "");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"007", "x", "-1", "2147483647", "1.0", "\u00e9"})
  void theFirstNameMakesNamesOfAll(String name) {
    Map<String, Integer> expected = new HashMap<>();
    SplittableRandom random = new SplittableRandom(4);
    try (CappedArena arena = CappedArena.unlimited()) {
      IdColumn column = new IdColumn(arena);
      for (int i = 0; i < 20_000; i++) {
        String id = (i < 500 ? "" : name) + random.nextInt(i < 500 ? 900 : 9_000);
        expected.putIfAbsent(id, expected.size());
        byte[] text = Texts.bytes(id);
        assertEquals(expected.get(id), column.indexOf(text, 0, text.length));
        assertEquals(id, column.text(expected.get(id)));
      }
      assertNotNull(column.names());
      assertOrder(column, expected, "names");
    }
  }

  /** Numbers ascend as numbers, names as their bytes; for these that is the order of strings. */
  private static void assertOrder(IdColumn column, Map<String, Integer> expected, String kind) {
    IdOrder order = IdOrder.of(column);
    assertEquals(expected.size(), order.indexOfRank().length);
    List<String> ids = new ArrayList<>();
    for (int rank = 0; rank < expected.size(); rank++) {
      int index = order.indexOfRank()[rank];
      assertEquals(rank, order.rankOfIndex()[index]);
      ids.add(column.text(index));
    }
    for (int i = 1; i < ids.size(); i++) {
      String before = ids.get(i - 1);
      String id = ids.get(i);
      boolean ascends =
          kind.isEmpty()
              ? Integer.parseInt(before) < Integer.parseInt(id)
              : before.compareTo(id) < 0;
      assertTrue(ascends, before + " before " + id);
    }
  }
}
