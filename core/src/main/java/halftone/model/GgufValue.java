package halftone.model;

import java.util.List;

/// A metadata value with its wire type, so that a file can be written back byte for byte.
public sealed interface GgufValue {
  record U8(int value) implements GgufValue {}

  record I8(int value) implements GgufValue {}

  record U16(int value) implements GgufValue {}

  record I16(int value) implements GgufValue {}

  record U32(long value) implements GgufValue {}

  record I32(int value) implements GgufValue {}

  record F32(float value) implements GgufValue {}

  record Bool(boolean value) implements GgufValue {}

  record Text(String value) implements GgufValue {}

  record U64(long bits) implements GgufValue {}

  record I64(long value) implements GgufValue {}

  record F64(double value) implements GgufValue {}

  /// An array of one element type; never of arrays.
  record Array(int elementType, List<GgufValue> elements) implements GgufValue {}
}
