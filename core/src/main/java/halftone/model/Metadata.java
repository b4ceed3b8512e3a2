package halftone.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// Typed access to metadata. Integers of any width are taken for any other and range-checked, as
/// writers differ; otherwise a value of another type than asked for is refused by key and wire
/// type.
///
/// @param source the file's name, for messages
public record Metadata(String source, SequencedMap<String, GgufValue> values) {
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /// Whether the key holds an array, as sizes do that differ from layer to layer.
  public boolean isArray(String key) {
    return values.get(key) instanceof GgufValue.Array;
  }

  public String requireText(String key) {
    return text(key).orElseThrow(() -> missing(key));
  }

  public Optional<String> text(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Text(String text) -> Optional.of(text);
      case GgufValue other -> throw wrong(key, other, "a STRING");
    };
  }

  /// A non-negative `int`: a count, a size or an id.
  public int requireInt(String key) {
    return narrow(key, integer(key).orElseThrow(() -> missing(key)));
  }

  /// A non-negative `int`, or the default when the key is absent.
  public int intOr(String key, int absent) {
    return narrow(key, integer(key).orElse(absent));
  }

  public OptionalLong integer(String key) {
    GgufValue value = values.get(key);
    return value == null ? OptionalLong.empty() : OptionalLong.of(integral(key, value));
  }

  public float requireFloat(String key) {
    return (float) number(key).orElseThrow(() -> missing(key));
  }

  public float floatOr(String key, float absent) {
    return (float) number(key).orElse(absent);
  }

  public boolean flagOr(String key, boolean absent) {
    return switch (values.get(key)) {
      case null -> absent;
      case GgufValue.Bool(boolean truth) -> truth;
      case GgufValue other -> throw wrong(key, other, "a BOOL");
    };
  }

  /// An array of strings, empty when the key is absent. Strings are decoded when asked for.
  public List<String> texts(String key) {
    return new java.util.AbstractList<>() {
      private final List<GgufValue> elements = array(key);

      @Override
      public String get(int index) {
        return switch (elements.get(index)) {
          case GgufValue.Text(String text) -> text;
          case GgufValue other -> throw wrong(key, other, "an array of STRING");
        };
      }

      @Override
      public int size() {
        return elements.size();
      }
    };
  }

  /// An array of floats, empty when the key is absent.
  public float[] floats(String key) {
    List<GgufValue> elements = array(key);
    float[] floats = new float[elements.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) real(key, elements.get(i));
    }
    return floats;
  }

  /// An array of integers that fit an `int`, empty when the key is absent.
  public int[] ints(String key) {
    List<GgufValue> elements = array(key);
    int[] ints = new int[elements.size()];
    for (int i = 0; i < ints.length; i++) {
      long value = integral(key, elements.get(i));
      if (value != (int) value) {
        throw malformed(key, value + " at index " + i, "it must fit 32 bits");
      }
      ints[i] = (int) value;
    }
    return ints;
  }

  MalformedFileException malformed(String key, String found, String remedy) {
    return new MalformedFileException(source, key, found, remedy);
  }

  private List<GgufValue> array(String key) {
    return switch (values.get(key)) {
      case null -> List.of();
      case GgufValue.Array(int _, List<GgufValue> elements) -> elements;
      case GgufValue other -> throw wrong(key, other, "an ARRAY");
    };
  }

  private OptionalDouble number(String key) {
    GgufValue value = values.get(key);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(real(key, value));
  }

  private double real(String key, GgufValue value) {
    return switch (value) {
      case GgufValue.F32(float number) -> number;
      case GgufValue.F64(double number) -> number;
      default -> throw wrong(key, value, "a FLOAT32");
    };
  }

  private long integral(String key, GgufValue value) {
    return switch (value) {
      case GgufValue.U8(int number) -> number;
      case GgufValue.I8(int number) -> number;
      case GgufValue.U16(int number) -> number;
      case GgufValue.I16(int number) -> number;
      case GgufValue.U32(long number) -> number;
      case GgufValue.I32(int number) -> number;
      case GgufValue.I64(long number) -> number;
      case GgufValue.U64(long bits) when bits >= 0 -> bits;
      default -> throw wrong(key, value, "an integer");
    };
  }

  private int narrow(String key, long value) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw malformed(key, String.valueOf(value), "it must lie between 0 and 2^31 − 1");
    }
    return (int) value;
  }

  private MalformedFileException missing(String key) {
    return malformed(key, "no such key", "the file must have it; convert the model again");
  }

  private MalformedFileException wrong(String key, GgufValue value, String wanted) {
    return malformed(key, "a value of type " + GgufType.of(value), "it must be " + wanted);
  }
}
