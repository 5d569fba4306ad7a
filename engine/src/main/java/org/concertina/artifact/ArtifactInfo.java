package org.concertina.artifact;

import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.IdBytes;

/**
 * What an artifact says about itself.
 *
 * @param formatVersion version of the file format
 * @param fileBytes size of the whole file; what a budget binds
 * @param groups the groups of rows
 * @param config blocks and precision of every group
 * @param priors whether items have a prior that is added to their scores, and how groups keep it
 * @param idSectionBytes bytes of the encoded item ids before padding, 0 for none
 * @param users the users whose vectors it holds, if it does
 * @param provenance where it comes from
 */
public record ArtifactInfo(
    int formatVersion,
    long fileBytes,
    Groups groups,
    ElasticConfig config,
    CodedPriors priors,
    long idSectionBytes,
    Optional<UserSection> users,
    Provenance provenance) {
  /** Catalogue size, items of dropped groups included. */
  public int items() {
    return groups.items();
  }

  /** The share of the catalogue whose group is not dropped, so that it can be recommended. */
  public double coverage() {
    return config.coverage(groups);
  }

  /** Whether items have a prior that is added to their scores. */
  public boolean hasPrior() {
    return priors.present();
  }

  /** Whether the file holds external item ids. */
  public boolean hasIds() {
    return idSectionBytes > 0;
  }

  /** Bytes of the users' vectors and ids before padding, 0 for none. */
  public long userSectionBytes() {
    return users.map(UserSection::bytes).orElse(0L);
  }

  /** The byte arithmetic of this file; it does not know what dropped groups would take. */
  public ArtifactLayout layout() {
    return new ArtifactLayout(groups, config.shape(), IdBytes.fixed(idSectionBytes), priors)
        .withUsers(userSectionBytes());
  }
}
