package org.concertina.ingest;

import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.concertina.interaction.InteractionFormatException;

/**
 * Unpacks gzip and zstd, told by content; what is neither is passed on. Damage is thrown as {@link
 * ZipException} or {@link EOFException}.
 */
final class UnpackedText {
  private static final int BUFFER_BYTES = 1 << 16;

  private UnpackedText() {}

  /** The unpacked text; closing it closes the stream. */
  static InputStream of(Path file, InputStream raw) throws IOException {
    BufferedInputStream input = new BufferedInputStream(raw, BUFFER_BYTES);
    input.mark(4);
    byte[] magic = input.readNBytes(4);
    input.reset();
    return unpacked(file, magic, input);
  }

  /** A stream that tells how many more bytes have been read. */
  static InputStream counted(InputStream file, IntConsumer onBytes) {
    return new CountedStream(file, onBytes);
  }

  private static final class CountedStream extends FilterInputStream {
    private final IntConsumer onBytes;

    CountedStream(InputStream file, IntConsumer onBytes) {
      super(file);
      this.onBytes = onBytes;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      onBytes.accept(Math.max(0, read));
      return read;
    }
  }

  private static InputStream unpacked(Path file, byte[] magic, InputStream input)
      throws IOException {
    if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
      try {
        return new GZIPInputStream(input, BUFFER_BYTES);
      } catch (EOFException | ZipException e) {
        throw damaged(file, 0, "gzip", e);
      }
    }
    boolean zstd =
        magic.length == 4
            && magic[0] == 0x28
            && magic[1] == (byte) 0xb5
            && magic[2] == 0x2f
            && magic[3] == (byte) 0xfd;
    return zstd ? new ZstdStream(ZstdInputStream.create(input)) : input;
  }

  /** Turns what the decoder throws on damaged data into {@link ZipException}. */
  private static final class ZstdStream extends FilterInputStream {
    ZstdStream(InputStream decoder) {
      super(decoder);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return super.read(target, offset, length);
      } catch (IOException | RuntimeException e) {
        ZipException damaged = new ZipException(e.getMessage());
        damaged.initCause(e);
        throw damaged;
      }
    }
  }

  /** What to say of damage. */
  static InteractionFormatException damaged(Path file, long line, String what, IOException cause) {
    return new InteractionFormatException(
        file,
        line,
        cause instanceof EOFException
            ? "the " + what + " data ends too early"
            : "the " + what + " data is damaged (" + cause.getMessage() + ")",
        "copy or download the file again",
        cause);
  }
}
