package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says about embedding compiles and runs. */
class ReadmeTest {
  private static final Pattern JAVA = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

  @TempDir Path dir;

  @Test
  void snippetsRun() throws Exception {
    Path artifact = dir.resolve("items.cnct");
    ServingFixture.write(artifact).close();
    String readme = Files.readString(Path.of("..", "README.md"));
    StringBuilder methods = new StringBuilder();
    int snippets = 0;
    for (Matcher snippet = JAVA.matcher(readme); snippet.find(); snippets++) {
      methods
          .append("  public static void snippet%d() throws Exception {%n".formatted(snippets))
          .append(snippet.group(1).replace("\"items.cnct\"", "System.getProperty(\"artifact\")"))
          .append("  }\n");
    }
    assertEquals(2, snippets, "README.md has a snippet for each way of embedding");
    Class<?> compiled = compile(methods.toString());
    System.setProperty("artifact", artifact.toString());
    try {
      for (int i = 0; i < snippets; i++) {
        compiled.getMethod("snippet" + i).invoke(null);
      }
    } finally {
      System.clearProperty("artifact");
    }
  }

  private Class<?> compile(String methods) throws Exception {
    Path source = dir.resolve("Snippets.java");
    Files.writeString(
        source,
        """
        import java.nio.file.Path;
        import org.concertina.memory.MemoryCap;
        import org.concertina.serve.*;

        public class Snippets {
        """
            + methods
            + "}\n");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path classes =
        Path.of(MemoryCap.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      assertTrue(
          compiler
              .getTask(
                  null,
                  files,
                  null,
                  List.of("-cp", classes.toString(), "-d", dir.toString()),
                  null,
                  files.getJavaFileObjects(source))
              .call());
    }
    return new URLClassLoader(new URL[] {dir.toUri().toURL()}).loadClass("Snippets");
  }
}
