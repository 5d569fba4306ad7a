package org.concertina.search;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;

/** A configuration under change: a choice a group and, always up to date, its bytes. */
final class Genome {
  private final ArtifactLayout layout;
  private final BlockChoice[] choices;
  private final List<BlockChoice> view;
  private long fileBytes;
  private long idBytes;
  private double fitness = Double.NaN;

  private Genome(ArtifactLayout layout, BlockChoice[] choices, long fileBytes, long idBytes) {
    this.layout = layout;
    this.choices = choices;
    this.view = Collections.unmodifiableList(Arrays.asList(choices));
    this.fileBytes = fileBytes;
    this.idBytes = idBytes;
  }

  static Genome of(ArtifactLayout layout, ElasticConfig config) {
    return new Genome(
        layout,
        config.choices().toArray(BlockChoice[]::new),
        layout.fileBytes(config),
        layout.ids().bytes(config));
  }

  Genome copy() {
    return new Genome(layout, choices.clone(), fileBytes, idBytes);
  }

  int groups() {
    return choices.length;
  }

  BlockChoice choice(int group) {
    return choices[group];
  }

  /** The choices; changes with the genome. */
  List<BlockChoice> choices() {
    return view;
  }

  long fileBytes() {
    return fileBytes;
  }

  /** File bytes if a group had another choice. */
  long fileBytesWith(int group, BlockChoice choice) {
    return fileBytes
        - layout.groupBytes(group, choices[group])
        + layout.groupBytes(group, choice)
        - ArtifactLayout.align(idBytes)
        + ArtifactLayout.align(idBytesWith(group, choice));
  }

  private long idBytesWith(int group, BlockChoice choice) {
    return idBytes
        - layout.ids().groupBytes(group, choices[group])
        + layout.ids().groupBytes(group, choice);
  }

  void set(int group, BlockChoice choice) {
    fileBytes = fileBytesWith(group, choice);
    idBytes = idBytesWith(group, choice);
    choices[group] = choice;
  }

  double fitness() {
    return fitness;
  }

  void setFitness(double value) {
    fitness = value;
  }

  ElasticConfig toConfig() {
    return new ElasticConfig(layout.shape(), view);
  }
}
