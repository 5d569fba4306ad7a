package org.concertina.ingest;

import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;
import org.concertina.ingest.TextLayout.JsonKeys;
import org.concertina.ingest.TextLayout.UserLines;
import org.concertina.interaction.InteractionFormatException;
import org.concertina.interaction.SplitParser;

/** Reads one text into a log. */
final class TextReader {
  private TextReader() {}

  /**
   * Reads to the end.
   *
   * @return bytes of text, unpacked
   * @throws InteractionFormatException if the text is malformed, damaged, or has no interactions
   */
  static long read(TextWindow window, TextFormat format, ColumnNames names, LogBuilder builder)
      throws IOException {
    long before = builder.read();
    TextLayout layout = FormatDetector.detect(window, format, names);
    RecordSink sink = new RecordSink(window, builder);
    switch (layout) {
      case UserLines() -> {
        sink.begin(false, false);
        parseLines(window, builder);
      }
      case Columns columns -> {
        sink.begin(columns.rating() >= 0, columns.time() >= 0);
        new TableParser(window, columns, sink).parse();
      }
      case JsonKeys keys -> {
        sink.begin(keys.rating() != null, keys.time() != null);
        new JsonLinesParser(window, keys, sink).parse();
      }
    }
    if (builder.read() == before) {
      throw new InteractionFormatException(
          window.file(), 0, "the file has no interactions", "give a file with interactions");
    }
    return window.consumedBytes();
  }

  private static void parseLines(TextWindow window, LogBuilder builder) throws IOException {
    SplitParser parser = new SplitParser(window.file(), window.rest(), builder);
    try {
      parser.parse();
    } catch (EOFException | ZipException e) {
      window.line = parser.line();
      throw window.damaged(e);
    }
  }
}
