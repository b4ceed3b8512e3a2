package halftone.huggingface;

import halftone.numeric.ElementFormat;
import halftone.numeric.NumberFormats;
import halftone.parts.BlockScales;
import halftone.parts.Field;
import halftone.parts.Formatted;
import halftone.parts.GroupCodes;
import halftone.parts.LowRank;
import halftone.parts.Outliers;
import halftone.parts.Part;
import halftone.parts.RowTables;
import halftone.parts.ScaledElements;
import halftone.parts.SomeRows;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What the header of a Halftone file says of a part, besides its arrays: `kind` and the numbers
/// that the arrays' lengths do not give.
final class PartDescription {
  private PartDescription() {}

  static Map<String, Object> of(Part part) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("kind", part.kind());
    switch (part) {
      case GroupCodes codes -> {
        description.put("group", codes.group());
        List<Integer> widths = new ArrayList<>();
        for (byte width : codes.widths()) {
          widths.add((int) width);
        }
        description.put("widths", widths);
      }
      case RowTables tables -> description.put("bits", tables.bits());
      case Outliers _ -> {}
      case LowRank product -> description.put("rank", product.rank());
      case Formatted formatted -> description.put("format", formatted.tensor().format().id());
      case ScaledElements elements -> {
        description.put("element", elements.element().id());
        description.put("block", elements.block());
        description.put("scale", elements.scales().kind());
      }
      case SomeRows some -> description.put("of", of(some.inner()));
    }
    return description;
  }

  /// @param fields the part's arrays by name; those of an inner part among them
  /// @throws IllegalArgumentException when they do not fit together
  static Part read(JsonObject description, Shape shape, SequencedMap<String, Field> fields) {
    int rows = Math.toIntExact(shape.rows());
    int columns = shape.columns();
    return switch (description.requireText("kind")) {
      case "groups" ->
          new GroupCodes(
              rows,
              columns,
              positive(description, "group"),
              widths(description),
              Field.of(fields, "codes", "U8").toBytes(),
              Field.of(fields, "scales", "F16").toHalves(),
              Field.of(fields, "zeros", "F16").toHalves());
      case "tables" ->
          new RowTables(
              rows,
              columns,
              positive(description, "bits"),
              Field.of(fields, "codes", "U8").toBytes(),
              Field.of(fields, "tables", "F16").toHalves());
      case "outliers" ->
          new Outliers(
              rows,
              columns,
              Field.of(fields, "starts", "I32").toIntegers(),
              Field.of(fields, "columns", "I32").toIntegers(),
              Field.of(fields, "values", "F16").toHalves());
      case "low-rank" ->
          new LowRank(
              rows,
              columns,
              positive(description, "rank"),
              Field.of(fields, "a", "I8").toBytes(),
              Field.of(fields, "a_scales", "F16").toHalves(),
              Field.of(fields, "b", "I8").toBytes(),
              Field.of(fields, "b_scales", "F16").toHalves());
      case "format" ->
          new Formatted(
              new Tensor(
                  "part",
                  shape,
                  NumberFormats.named(description.requireText("format")),
                  Field.of(fields, "bytes", "U8").bytes()));
      case "elements" ->
          new ScaledElements(
              rows,
              columns,
              positive(description, "block"),
              ElementFormat.named(description.requireText("element")),
              Field.of(fields, "codes", "U8").toBytes(),
              BlockScales.read(description.requireText("scale"), fields));
      case "rows" -> someRows(description, shape, fields);
      case String other ->
          throw new IllegalArgumentException("the kind '" + other + "' of a part is not known");
    };
  }

  private static Part someRows(
      JsonObject description, Shape shape, SequencedMap<String, Field> fields) {
    int[] chosen = Field.of(fields, "rows", "I32").toIntegers();
    JsonObject inner =
        description
            .object("of")
            .orElseThrow(() -> description.malformed("of", "no such key", "it must be a part"));
    return new SomeRows(
        Math.toIntExact(shape.rows()),
        chosen,
        read(inner, Shape.of(shape.columns(), chosen.length), fields));
  }

  private static byte[] widths(JsonObject description) {
    List<?> list = description.list("widths");
    byte[] widths = new byte[list.size()];
    for (int i = 0; i < widths.length; i++) {
      if (!(list.get(i) instanceof Long width) || width < 1 || width > 8) {
        throw description.malformed("widths", String.valueOf(list.get(i)), "1 to 8 are possible");
      }
      widths[i] = width.byteValue();
    }
    return widths;
  }

  private static int positive(JsonObject description, String key) {
    int value = description.requireInt(key);
    if (value == 0) {
      throw description.malformed(key, "0", "it must be positive");
    }
    return value;
  }
}
