package org.concertina.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is read, cleaned and split.
 *
 * @param files to read, for training or to be split; or one directory of train, valid and test
 * @param validationFiles given validation interactions, if the rule is {@link SplitRule#GIVEN}
 * @param testFiles given test interactions, likewise
 * @param storedSplit data file whose split is taken over, if the rule is {@link SplitRule#STORED}
 */
public record IngestConfig(
    List<Path> files,
    List<Path> validationFiles,
    List<Path> testFiles,
    TextFormat format,
    ColumnNames columns,
    CleaningOptions cleaning,
    SplitOptions split,
    Optional<Path> storedSplit) {
  /** Checks that the parts fit each other. */
  public IngestConfig {
    files = List.copyOf(files);
    validationFiles = List.copyOf(validationFiles);
    testFiles = List.copyOf(testFiles);
    boolean given = split.rule() == SplitRule.GIVEN;
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files: expected at least one");
    }
    if (given != !(validationFiles.isEmpty() && testFiles.isEmpty())) {
      throw new IllegalArgumentException(
          "files for validation or test go with the split given, and with no other");
    }
    if (storedSplit.isPresent() != (split.rule() == SplitRule.STORED)) {
      throw new IllegalArgumentException(
          "a data file to take the split from goes with the split stored, and with no other");
    }
    if (given && (cleaning.hasCore() || cleaning.minHistory() > 1)) {
      throw new IllegalArgumentException(
          "a k-core or a least history would change a given split; clean before splitting");
    }
  }

  /** All files, in the order in which they are read. */
  public List<Path> allFiles() {
    return java.util.stream.Stream.of(files, validationFiles, testFiles)
        .flatMap(List::stream)
        .toList();
  }
}
