package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.concertina.artifact.ArtifactInfo;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.MemoryCap;
import org.concertina.train.ModelHeader;
import org.concertina.train.TrainedModel;

/** Makes sure that data, model and artifact belong together. */
final class Models {
  private Models() {}

  /** Reads a model's data with the hold-out that the model was trained with. */
  static InteractionData readDataOf(TrainedModel model, Path directory) throws IOException {
    ModelHeader header = model.header();
    InteractionData data =
        InteractionReader.read(
            directory,
            new ReadOptions(header.validationShare(), header.splitSeed(), MemoryCap.unlimited()));
    try {
      model.requireSameData(data);
      return data;
    } catch (IOException | RuntimeException different) {
      data.close();
      throw different;
    }
  }

  /** Reads the data that an artifact's model was trained on. */
  static InteractionData readDataOf(ArtifactInfo artifact, Path artifactFile, Path path)
      throws IOException, CommandFailure {
    InteractionData data = InteractionReader.read(path, ReadOptions.defaults());
    if (data.dataHash() != artifact.provenance().dataHash()) {
      data.close();
      throw new CommandFailure(
          "%s: is not the data that %s was made from; name that".formatted(path, artifactFile));
    }
    return data;
  }

  /** Checks that an artifact was packed from this model. */
  static void requireSameModel(
      TrainedModel model, Path modelFile, ArtifactInfo artifact, Path artifactFile)
      throws CommandFailure {
    long dataHash = artifact.provenance().dataHash();
    if (dataHash != model.header().dataHash()) {
      throw new CommandFailure(
          "%s: made from another data set than model %s (data hash %s, the model has %s); name the model it was packed from"
              .formatted(
                  artifactFile,
                  modelFile,
                  Json.hash(dataHash),
                  Json.hash(model.header().dataHash())));
    }
    if (artifact.provenance().modelHash() != model.tableHash()) {
      throw new CommandFailure(
          "%s: packed from another model than %s, so its items do not fit these user vectors; name the model it was packed from, or pack again"
              .formatted(artifactFile, modelFile));
    }
  }
}
