package org.concertina.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.judge.Verdict;

/**
 * The fields of a front file; faults are {@link IllegalArgumentException}s that name the field.
 *
 * <pre>
 * {"format": "concertina-front", "version": 1,
 *  "provenance": {"dataHash": "..", "modelHash": "..", "settings": "..", "seed": 1, "engineVersion": ".."},
 *  "objective": "recall", "shape": {"blocks": 8, "blockDim": 8},
 *  "groupStarts": [0, .., items], "precisions": ["int8", "int4"],
 *  "points": [{"fileBytes": 1, "selection": {"recall": 0.1, "ndcg": 0.1}, "confirmation": {..},
 *    "choices": [{"blocks": [0, 1, 2], "precision": "int8"}, ..]}, ..]}
 * </pre>
 *
 * <p>A dropped group has no blocks and no precision: {@code {"blocks": []}}.
 */
final class FrontJson {
  private static final String FORMAT = "concertina-front";
  private static final int VERSION = 1;

  private FrontJson() {}

  static ObjectNode write(FrontFile file) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("format", FORMAT).put("version", VERSION);
    FrontProvenance provenance = file.provenance();
    root.putObject("provenance")
        .put("dataHash", provenance.dataHash())
        .put("modelHash", provenance.modelHash())
        .put("settings", provenance.settings())
        .put("seed", provenance.seed())
        .put("engineVersion", provenance.engineVersion());
    root.put("objective", lower(file.front().objective()));
    root.putObject("shape")
        .put("blocks", file.shape().blocks())
        .put("blockDim", file.shape().blockDim());
    ArrayNode starts = root.putArray("groupStarts");
    for (int start : file.groups().starts()) {
      starts.add(start);
    }
    TreeSet<Precision> used = new TreeSet<>();
    ArrayNode precisions = root.putArray("precisions");
    ArrayNode points = root.putArray("points");
    for (FrontPoint point : file.front().points()) {
      points.add(point(point));
      used.addAll(point.config().precisions());
    }
    used.forEach(precision -> precisions.add(lower(precision)));
    return root;
  }

  private static ObjectNode point(FrontPoint point) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("fileBytes", point.fileBytes());
    node.set("selection", verdict(point.selection()));
    point.confirmation().ifPresent(verdict -> node.set("confirmation", verdict(verdict)));
    ArrayNode choices = node.putArray("choices");
    for (BlockChoice choice : point.config().choices()) {
      ObjectNode kept = choices.addObject();
      ArrayNode blocks = kept.putArray("blocks");
      for (long left = choice.blockMask(); left != 0; left &= left - 1) {
        blocks.add(Long.numberOfTrailingZeros(left));
      }
      if (!choice.isDropped()) {
        kept.put("precision", lower(choice.precision()));
      }
    }
    return node;
  }

  private static ObjectNode verdict(Verdict verdict) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("recall", verdict.recall())
        .put("ndcg", verdict.ndcg());
  }

  static FrontFile read(JsonNode root) {
    if (!FORMAT.equals(root.path("format").asText())) {
      throw new IllegalArgumentException("format: expected '" + FORMAT + "'");
    }
    int version = integer(root, "version");
    if (version != VERSION) {
      throw new IllegalArgumentException("version: expected " + VERSION + ", got " + version);
    }
    JsonNode from = field(root, "provenance");
    FrontProvenance provenance =
        new FrontProvenance(
            text(from, "dataHash"),
            text(from, "modelHash"),
            from.has("settings") ? text(from, "settings") : "",
            whole(from, "seed"),
            text(from, "engineVersion"));
    JsonNode cut = field(root, "shape");
    BlockShape shape = new BlockShape(integer(cut, "blocks"), integer(cut, "blockDim"));
    List<Integer> starts = new ArrayList<>();
    array(root, "groupStarts").forEach(start -> starts.add(element(start, "groupStarts")));
    Groups groups = Groups.ofStarts(starts.stream().mapToInt(Integer::intValue).toArray());
    List<FrontPoint> points = new ArrayList<>();
    array(root, "points").forEach(point -> points.add(point(point, shape)));
    Objective objective = constant(Objective.class, text(root, "objective"), "objective");
    return new FrontFile(provenance, shape, groups, ParetoFront.of(objective, points));
  }

  private static FrontPoint point(JsonNode node, BlockShape shape) {
    List<BlockChoice> choices = new ArrayList<>();
    for (JsonNode choice : array(node, "choices")) {
      long mask = 0;
      for (JsonNode block : array(choice, "blocks")) {
        int index = element(block, "blocks");
        if (index < 0 || index >= shape.blocks()) {
          throw new IllegalArgumentException(
              "blocks: expected 0 to " + (shape.blocks() - 1) + ", got " + index);
        }
        mask |= 1L << index;
      }
      if (mask == 0 && choice.has("precision")) {
        throw new IllegalArgumentException("blocks: expected one at least beside a precision");
      }
      choices.add(
          mask == 0
              ? BlockChoice.DROPPED
              : new BlockChoice(
                  mask, constant(Precision.class, text(choice, "precision"), "precision")));
    }
    Optional<Verdict> confirmation =
        node.has("confirmation") ? Optional.of(verdict(node, "confirmation")) : Optional.empty();
    return new FrontPoint(
        whole(node, "fileBytes"),
        new ElasticConfig(shape, choices),
        verdict(node, "selection"),
        confirmation);
  }

  private static Verdict verdict(JsonNode node, String name) {
    JsonNode verdict = field(node, name);
    return new Verdict(number(verdict, "recall"), number(verdict, "ndcg"));
  }

  private static JsonNode field(JsonNode node, String name) {
    JsonNode field = node.path(name);
    if (field.isMissingNode() || field.isNull()) {
      throw new IllegalArgumentException(name + ": missing");
    }
    return field;
  }

  private static JsonNode array(JsonNode node, String name) {
    JsonNode field = field(node, name);
    if (!field.isArray()) {
      throw new IllegalArgumentException(name + ": expected a list");
    }
    return field;
  }

  private static String text(JsonNode node, String name) {
    JsonNode field = field(node, name);
    if (!field.isTextual()) {
      throw new IllegalArgumentException(name + ": expected text, got " + field.getNodeType());
    }
    return field.asText();
  }

  private static int integer(JsonNode node, String name) {
    return element(field(node, name), name);
  }

  private static int element(JsonNode value, String name) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new IllegalArgumentException(name + ": expected a whole number, got " + value);
    }
    return value.asInt();
  }

  private static long whole(JsonNode node, String name) {
    JsonNode field = field(node, name);
    if (!field.isIntegralNumber() || !field.canConvertToLong()) {
      throw new IllegalArgumentException(name + ": expected a whole number");
    }
    return field.asLong();
  }

  private static double number(JsonNode node, String name) {
    JsonNode field = field(node, name);
    if (!field.isNumber()) {
      throw new IllegalArgumentException(name + ": expected a number");
    }
    return field.asDouble();
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String text, String name) {
    for (E constant : type.getEnumConstants()) {
      if (lower(constant).equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(name + ": unknown value '" + text + "'");
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
