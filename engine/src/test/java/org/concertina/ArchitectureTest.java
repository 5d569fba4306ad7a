package org.concertina;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.concertina.memory.MemoryCap;

/** Keeps the house in order: who may use whom. */
@AnalyzeClasses(packages = "org.concertina", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** In the data's order; a package uses only those before it. */
  private static final List<String> PACKAGES =
      List.of(
          "memory",
          "kernel",
          "interaction",
          "ingest",
          "metric",
          "block",
          "train",
          "judge",
          "estimate",
          "search",
          "artifact",
          "serve",
          "record",
          "baseline",
          "report",
          "cli");

  /** What an application embeds; needs the JDK and Agrona, nothing else. */
  private static final List<String> EMBEDDABLE =
      List.of("memory", "kernel", "interaction", "metric", "block", "artifact", "serve");

  /** Far below the 8,000 bytecodes that HotSpot compiles, so that a kernel also inlines. */
  private static final int MAX_KERNEL_BYTECODES = 2_000;

  @ArchTest
  static void packagesUseOnlyPackagesBeforeThem(JavaClasses engine) {
    for (int i = 0; i < PACKAGES.size() - 1; i++) {
      String[] later =
          PACKAGES.subList(i + 1, PACKAGES.size()).stream()
              .map(ArchitectureTest::subtree)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(subtree(PACKAGES.get(i)))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(later)
          .allowEmptyShould(true)
          .check(engine);
    }
  }

  @ArchTest
  static final ArchRule everyClassHasItsPlace =
      classes()
          .should()
          .resideInAnyPackage(
              Stream.concat(PACKAGES.stream(), Stream.of("datasets"))
                  .map(ArchitectureTest::subtree)
                  .toArray(String[]::new));

  @ArchTest
  static void kernelImplementationsStandAlone(JavaClasses engine) {
    for (String implementation : List.of("scalar", "panama", "ffm")) {
      String self = "org.concertina.kernel." + implementation;
      classes()
          .that()
          .resideInAPackage(self)
          .should()
          .onlyDependOnClassesThat(
              inJdk()
                  .or(inAnyPackage(self, "org.concertina.kernel", "org.concertina.memory"))
                  .as("are of the JDK, memory, kernel or %s", implementation))
          .allowEmptyShould(true)
          .check(engine);
    }
  }

  @ArchTest
  static final ArchRule incubatorStaysInKernelPanama =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.concertina.kernel.panama")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator..");

  @ArchTest
  static final ArchRule foreignCallsStayInKernelFfmAndHugePages =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.concertina.kernel.ffm")
          .and()
          .haveNameNotMatching("org[.]concertina[.]memory[.]HugePages(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Linker.class, SymbolLookup.class);

  @ArchTest
  static final ArchRule embeddablePackagesNeedOnlyAgrona =
      classes()
          .that()
          .resideInAnyPackage(subtrees(EMBEDDABLE))
          .should()
          .onlyDependOnClassesThat(
              inJdk()
                  .or(inAnyPackage(subtrees(EMBEDDABLE)))
                  .or(inAnyPackage("org.agrona.."))
                  .as("are of the JDK, Agrona or the embeddable packages"));

  @ArchTest
  static final ArchRule onlyTheCommandLinePrints =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.concertina.cli..")
          .should()
          .accessField(System.class, "out");

  @ArchTest
  static void kernelMethodsAreSmall(JavaClasses engine) throws IOException, URISyntaxException {
    Path root =
        Path.of(MemoryCap.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path kernels = root.resolve("org/concertina/kernel/panama");
    if (Files.notExists(kernels)) {
      return;
    }
    try (Stream<Path> files = Files.walk(kernels)) {
      List<String> tooLarge =
          files
              .filter(file -> file.toString().endsWith(".class"))
              .flatMap(ArchitectureTest::largeMethods)
              .toList();
      assertEquals(List.of(), tooLarge);
    }
  }

  private static Stream<String> largeMethods(Path classFile) {
    try {
      return ClassFile.of().parse(classFile).methods().stream()
          .filter(method -> bytecodes(method) > MAX_KERNEL_BYTECODES)
          .map(
              method ->
                  classFile.getFileName()
                      + " "
                      + method.methodName().stringValue()
                      + ": "
                      + bytecodes(method)
                      + " bytecodes");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int bytecodes(MethodModel method) {
    return method
        .code()
        .map(code -> code instanceof CodeAttribute attribute ? attribute.codeLength() : 0)
        .orElse(0);
  }

  private static DescribedPredicate<JavaClass> inJdk() {
    return DescribedPredicate.describe(
        "of the JDK",
        type ->
            type.getBaseComponentType().isPrimitive()
                || inAnyPackage("java..", "jdk..", "com.sun.management..")
                    .test(type.getBaseComponentType()));
  }

  private static DescribedPredicate<JavaClass> inAnyPackage(String... packages) {
    DescribedPredicate<JavaClass> inside = JavaClass.Predicates.resideInAnyPackage(packages);
    return DescribedPredicate.describe(
        inside.getDescription(), type -> inside.test(type.getBaseComponentType()));
  }

  private static String subtree(String name) {
    return "org.concertina." + name + "..";
  }

  private static String[] subtrees(List<String> names) {
    return names.stream().map(ArchitectureTest::subtree).toArray(String[]::new);
  }
}
