package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  /** All commands, those of groups with the name of the group. */
  static Stream<String> commands() {
    return Main.commandLine().getSubcommands().entrySet().stream()
        .flatMap(
            command -> {
              Set<String> group = command.getValue().getSubcommands().keySet();
              return group.isEmpty()
                  ? Stream.of(command.getKey())
                  : group.stream().map(name -> command.getKey() + " " + name);
            });
  }

  @Test
  void allCommandsAreThere() {
    assertEquals(
        List.of(
            "demo",
            "ingest",
            "experiment",
            "report",
            "train",
            "tune",
            "search",
            "pack",
            "evaluate",
            "recommend",
            "data list",
            "data fetch",
            "data verify",
            "data stats",
            "data synthesize",
            "info"),
        commands().toList());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpAndTheCommonOptions(String command) {
    CommandRun run = CommandRun.of((Object[]) (command + " --help").split(" ")).expect(0);
    for (String option : List.of("--help", "--version", "--seed", "--threads", "--json")) {
      assertTrue(run.out().contains(option), option + " in:\n" + run.out());
    }
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasItsVersion(String command) {
    assertTrue(
        CommandRun.of((Object[]) (command + " --version").split(" "))
            .expect(0)
            .out()
            .startsWith("concertina "));
  }

  @Test
  void infoIsOneObject() {
    JsonNode json = CommandRun.of("info", "--json").expect(0).json();
    for (String key : List.of("engineVersion", "provider", "vectorBits", "cpu", "cores", "jdk")) {
      assertTrue(json.has(key), key);
    }
    assertTrue(CommandRun.of("info").expect(0).out().contains("nativeLibrary"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "train",
        "train --data d",
        "train --data d --out m --epochs many",
        "train --data d --out m --epochs 0",
        "train --data d --out m --dim 10 --blocks 3",
        "train --data d --out m --loss hinge",
        "train --data d --out m --encoder transformer",
        "train --data d --out m --encoder graph --layers 0",
        "train --data d --out m --encoder graph --layers 4 --graph-combine concat",
        "train --data d --out m --layers 2",
        "train --data d --out m --loss bpr --elastic random",
        "train --data d --out m --loss bpr --elastic sandwich",
        "train --data d --out m --loss bpr --l2 0.1",
        "train --data d --out m --similarity dot",
        "train --data d --out m --loss bpr --similarity angle",
        "train --data d --out m --optimizer sgd",
        "train --data d --out m --loss bpr --optimizer adagrad",
        "train --data d --out m --encoder history --lock-free",
        "train --data d --out m --loss ccl --margin 1",
        "train --data d --out m --elastic sometimes",
        "train --data d --out m --diversity-form far",
        "train --data d --out m --diversity-form none --diversity 0.1",
        "train --data d --out m --validation-share 1.5",
        "train --data d --out m --threads 0",
        "ingest --in f",
        "ingest --in f --out d --format parquet",
        "ingest --in f --out d --split halves",
        "ingest --in f --out d --split ratio --test t",
        "ingest --in f --out d --split given",
        "ingest --in f --out d --test t --k-core 5",
        "ingest --in f --out d --valid-share 0.6 --test-share 0.6",
        "ingest --in f --out d --from noon",
        "ingest --in f --out d --from 2 --to 1",
        "ingest --in f --out d --expect nonsense",
        "tune --data d",
        "tune --data d --out t --trials 0",
        "tune --data d --out t --rungs 0",
        "tune --data d --out t --l2-range 3:2",
        "tune --data d --out t --temperature-range 0:1",
        "tune --data d --out t --batch-size-range few",
        "search --data d --model m --out f --budget much",
        "search --data d --model m --out f --budget 1MB --precisions fp31",
        "search --data d --model m --out f --strategy luck",
        "search --data d --model m --out f --front-sizes=-1",
        "search --data d --model m --out f --standard-errors=-1",
        "search --data d --model m --out f --group-by hand",
        "search --data d --model m --out f --min-coverage .5",
        "search --data d --model m --out f --allow-dropped --min-coverage 1.5",
        "search --data d --model m --out f --fleet devices.csv",
        "search --data d --model m --out f --explain why.png",
        "pack --model m --front f --budget 0 --out a",
        "evaluate --data d --model m --k 0",
        "evaluate --data d --model m --split training",
        "recommend --artifact a",
        "evaluate --data d --model m --artifact-users",
        "pack --model m --front f --budget 1MB --out o --users int4",
        "recommend --artifact a --user 1 --history 2",
        "recommend --artifact a --history 1,x",
        "recommend --artifact a --history 1 --model m",
        "recommend --artifact a --history 1 --k 0",
        "recommend --artifact a --history 1 --cap lots",
        "data",
        "data fetch",
        "data verify",
        "data stats",
        "data synthesize --users 10 --items 100 --interactions 50",
        "data synthesize --users 10 --items 100 --interactions 5 --out f",
        "data synthesize --users 10 --items 100 --interactions 50 --drift 2 --out f",
        "data synthesize --users 10 --items 100 --interactions 50 --ratings --out f",
        "info --names n",
        "info --loud"
      })
  void wrongUsageIsExitCode2(String arguments) {
    Object[] words = arguments.isEmpty() ? new Object[0] : arguments.split(" ");
    CommandRun run = CommandRun.of(words).expect(2);
    assertEquals("", run.out());
    assertTrue(run.err().contains("concertina"), run.err());
  }
}
