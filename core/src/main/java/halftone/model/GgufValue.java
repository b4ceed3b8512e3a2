package halftone.model;

import java.util.List;

/// A metadata value with its wire type, so that a file can be written back byte for byte.
public sealed interface GgufValue {
  record U8(int value) implements GgufValue {
    public U8 {
      requireRange(value, 0, 0xFF);
    }
  }

  record I8(int value) implements GgufValue {
    public I8 {
      requireRange(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
  }

  record U16(int value) implements GgufValue {
    public U16 {
      requireRange(value, 0, 0xFFFF);
    }
  }

  record I16(int value) implements GgufValue {
    public I16 {
      requireRange(value, Short.MIN_VALUE, Short.MAX_VALUE);
    }
  }

  record U32(long value) implements GgufValue {
    public U32 {
      requireRange(value, 0, 0xFFFF_FFFFL);
    }
  }

  record I32(int value) implements GgufValue {}

  record F32(float value) implements GgufValue {}

  record Bool(boolean value) implements GgufValue {}

  record Text(String value) implements GgufValue {}

  record U64(long bits) implements GgufValue {}

  record I64(long value) implements GgufValue {}

  record F64(double value) implements GgufValue {}

  /// An array of one element type; never of arrays.
  record Array(int elementType, List<GgufValue> elements) implements GgufValue {}

  private static void requireRange(long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%d does not lie between %d and %d".formatted(value, least, most));
    }
  }
}
