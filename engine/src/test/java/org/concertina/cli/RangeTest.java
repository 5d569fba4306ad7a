package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class RangeTest {
  private static Range parse(String text) {
    return new Range.Converter().convert(text);
  }

  @Test
  void drawsAreUniformInTheLogarithm() {
    Range range = parse("1e-4:1e-2");
    assertEquals(1e-4, range.at(0));
    assertEquals(1e-3, range.at(0.5), 1e-9);
    assertTrue(range.at(Math.nextDown(1.0)) <= 1e-2);
  }

  @Test
  void drawsFromZeroAreUniform() {
    assertEquals(0.25, parse("0:1").at(0.25));
    assertEquals(0, parse("0:1").at(0));
  }

  @Test
  void oneValueIsAlwaysDrawn() {
    assertEquals(0.123456, parse("0.123456").at(0.7));
    assertEquals(1024, parse("1024").wholeAt(0.3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "1:", "2:1", "-1:1", "a:b", "0:Infinity", "NaN", "1:2:3"})
  void anythingElseIsRefused(String text) {
    assertThrows(TypeConversionException.class, () -> parse(text));
  }
}
