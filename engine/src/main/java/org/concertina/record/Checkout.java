package org.concertina.record;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The checkout that these classes were built in, as git knows it. */
final class Checkout {
  private static final int TIMEOUT_SECONDS = 10;

  private final Path root;

  private Checkout(Path root) {
    this.root = root;
  }

  /** Nothing if the classes do not lie in a checkout of Concertina. */
  static Optional<Checkout> find() {
    Path at;
    try {
      at = Path.of(Checkout.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException noFile) {
      return Optional.empty();
    }
    for (; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git")) && Files.exists(at.resolve("engine/pom.xml"))) {
        return Optional.of(new Checkout(at));
      }
    }
    return Optional.empty();
  }

  Optional<String> commit() {
    return git("rev-parse", "HEAD").map(String::strip);
  }

  /** Whether tracked files differ from the commit. */
  Optional<Boolean> dirty() {
    return git("status", "--porcelain", "--untracked-files=no").map(text -> !text.isBlank());
  }

  private Optional<String> git(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
    command.addAll(List.of(arguments));
    try {
      Process git =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      git.getOutputStream().close();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && git.exitValue() == 0
          ? Optional.of(text)
          : Optional.empty();
    } catch (IOException noGit) {
      return Optional.empty();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
