package org.concertina.cli;

import java.util.Locale;
import org.concertina.artifact.UserVectors;
import org.concertina.block.Precision;
import org.concertina.train.TrainedModel;

/** What an artifact keeps of the model's users. */
enum PackUsers {
  /** Nothing: whoever asks brings a vector or a history. */
  NONE(null),
  /** Their vectors, every bit. */
  FP32(Precision.FP32),
  /** A byte an element, which keeps the direction. */
  INT8(Precision.INT8);

  private final Precision precision;

  PackUsers(Precision precision) {
    this.precision = precision;
  }

  /**
   * The vectors of all users of a model.
   *
   * @param ids whether artifacts hold external ids
   * @return null for none; a view of the model's table
   */
  UserVectors of(TrainedModel model, boolean ids) {
    return precision == null
        ? null
        : new UserVectors(model.embeddings().users(), ids ? model.userIds() : null, precision);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
