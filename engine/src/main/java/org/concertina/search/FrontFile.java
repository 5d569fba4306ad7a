package org.concertina.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;

/**
 * A front on disk, as JSON; {@link FrontJson} has the fields.
 *
 * @param provenance where it comes from
 * @param shape how rows are cut
 * @param groups the groups that configurations speak of
 * @param front the points
 */
public record FrontFile(
    FrontProvenance provenance, BlockShape shape, Groups groups, ParetoFront front) {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Validates. */
  public FrontFile {
    for (FrontPoint point : front.points()) {
      if (!point.config().shape().equals(shape) || point.config().groups() != groups.count()) {
        throw new IllegalArgumentException(
            "front: expected configurations of %d groups of %s, got %d of %s"
                .formatted(groups.count(), shape, point.config().groups(), point.config().shape()));
      }
    }
  }

  /** Writes beside the target and moves, so that nobody ever sees half a file. */
  public void write(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Path temporary = Files.createTempFile(target.getParent(), target.getFileName() + ".", ".tmp");
    try {
      Files.write(temporary, MAPPER.writeValueAsBytes(FrontJson.write(this)));
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Reads a front.
   *
   * @throws FrontFormatException if the file is no front or a damaged one
   */
  public static FrontFile read(Path file) throws IOException {
    try {
      return FrontJson.read(MAPPER.readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException e) {
      throw new FrontFormatException(file, "expected JSON, got " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new FrontFormatException(file, e.getMessage(), e);
    }
  }
}
