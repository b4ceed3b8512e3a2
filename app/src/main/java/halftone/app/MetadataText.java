package halftone.app;

import halftone.model.GgufType;
import halftone.model.GgufValue;
import java.util.List;
import java.util.stream.Collectors;

/// Metadata values for people and for JSON.
///
/// @param longest most elements of an array that are shown
record MetadataText(int longest) {
  private static final int LONGEST_TEXT = 100;

  /// One line, without the control characters a foreign file may hold.
  String line(GgufValue value) {
    return switch (value) {
      case GgufValue.Array(int _, List<GgufValue> elements) -> line(elements);
      case GgufValue.Text(String text) -> shortened(text);
      default -> String.valueOf(plain(value));
    };
  }

  private String line(List<GgufValue> elements) {
    String start =
        elements.stream().limit(longest).map(this::line).collect(Collectors.joining(", "));
    return elements.size() <= longest
        ? "[" + start + "]"
        : "[%s, … %,d in all]".formatted(start, elements.size());
  }

  private String shortened(String text) {
    String start =
        text.length() > LONGEST_TEXT && longest < Integer.MAX_VALUE
            ? text.substring(0, LONGEST_TEXT) + "… (%,d characters)".formatted(text.length())
            : text;
    return start.replace("\n", "\\n").replaceAll("\\p{Cntrl}", "·");
  }

  /// `{"type": "UINT32", "value": 64}`; an array has `element_type`, `length`, and in `value` its
  // first elements.
  Json json(GgufValue value) {
    Json json = new Json().put("type", GgufType.of(value).name());
    if (value instanceof GgufValue.Array(int elementType, List<GgufValue> elements)) {
      GgufType type = GgufType.withId(elementType).orElseThrow();
      json.put("element_type", type.name()).put("length", elements.size());
      return json.put("value", elements.stream().limit(longest).map(MetadataText::plain).toList());
    }
    return json.put("value", plain(value));
  }

  private static Object plain(GgufValue value) {
    return switch (value) {
      case GgufValue.U8(int number) -> number;
      case GgufValue.I8(int number) -> number;
      case GgufValue.U16(int number) -> number;
      case GgufValue.I16(int number) -> number;
      case GgufValue.U32(long number) -> number;
      case GgufValue.I32(int number) -> number;
      case GgufValue.I64(long number) -> number;
      case GgufValue.U64(long bits) -> new java.math.BigInteger(Long.toUnsignedString(bits));
      case GgufValue.F32(float number) -> finite(number, Float.toString(number));
      case GgufValue.F64(double number) -> finite(number, Double.toString(number));
      case GgufValue.Bool(boolean truth) -> truth;
      case GgufValue.Text(String text) -> text;
      case GgufValue.Array _ -> throw new IllegalStateException("GGUF has no arrays of arrays");
    };
  }

  /// Shortest digits that give the number back: 1.0E-5, not 9.999999747378752E-6.
  private static Object finite(double number, String digits) {
    return Double.isFinite(number) ? new java.math.BigDecimal(digits) : digits;
  }
}
