package org.concertina.datasets.catalogue;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What of a download is there: {@code NAME.part} with the bytes, locked against a second download
 * while this is open, and {@code NAME.part.source} with the address and the validator of the
 * version they are of.
 */
final class PartialFile implements AutoCloseable {
  private final Path target;
  private final Path part;
  private final Path source;
  private final FileChannel channel;

  /** Opens what is there, or an empty file. */
  PartialFile(Path target) throws IOException {
    this.target = target;
    part = target.resolveSibling(target.getFileName() + ".part");
    source = target.resolveSibling(target.getFileName() + ".part.source");
    channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException ownProcess) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new FetchException(
          part + ": another download is writing it; wait for that to end, or end it");
    }
  }

  long size() throws IOException {
    return channel.size();
  }

  /** The validator of the version that the bytes are of, null if there is none for this address. */
  String validator(URI address) throws IOException {
    if (size() == 0 || Files.notExists(source)) {
      return null;
    }
    List<String> lines = Files.readAllLines(source);
    return lines.size() == 2 && lines.getFirst().equals(address.toString()) ? lines.get(1) : null;
  }

  /** Drops all bytes; those that follow are of this version. */
  void restart(URI address, String validator) throws IOException {
    channel.truncate(0);
    if (validator == null) {
      Files.deleteIfExists(source);
    } else {
      Files.write(source, List.of(address.toString(), validator));
    }
  }

  void append(byte[] bytes, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    long position = channel.size();
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
  }

  Path path() {
    return part;
  }

  /** Moves the bytes to the target. */
  void finish() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(source);
  }

  /** Deletes the bytes: they are not what they should be. */
  void discard() throws IOException {
    channel.close();
    Files.deleteIfExists(part);
    Files.deleteIfExists(source);
  }

  /** Releases the lock; bytes stay for the next download, but an empty file does not. */
  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      if (channel.size() == 0) {
        discard();
      } else {
        channel.close();
      }
    }
  }
}
