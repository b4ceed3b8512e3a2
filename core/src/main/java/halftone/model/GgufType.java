package halftone.model;

import java.util.Arrays;
import java.util.Optional;

/// Wire types of metadata values; the ordinal is the wire id.
///
/// Example: `general.alignment` = 64 is stored as the id 4 ([#UINT32]) and the bytes `40 00 00 00`.
public enum GgufType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(8),
  ARRAY(12),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private final int leastBytes;

  GgufType(int leastBytes) {
    this.leastBytes = leastBytes;
  }

  public int id() {
    return ordinal();
  }

  /// The fewest bytes a value of this type takes: exact for all but strings and arrays.
  int leastBytes() {
    return leastBytes;
  }

  /// The type of a wire id, if there is one.
  public static Optional<GgufType> withId(long id) {
    return Arrays.stream(values()).filter(type -> type.ordinal() == id).findFirst();
  }

  /// The wire type of a value.
  public static GgufType of(GgufValue value) {
    return switch (value) {
      case GgufValue.U8 _ -> UINT8;
      case GgufValue.I8 _ -> INT8;
      case GgufValue.U16 _ -> UINT16;
      case GgufValue.I16 _ -> INT16;
      case GgufValue.U32 _ -> UINT32;
      case GgufValue.I32 _ -> INT32;
      case GgufValue.F32 _ -> FLOAT32;
      case GgufValue.Bool _ -> BOOL;
      case GgufValue.Text _ -> STRING;
      case GgufValue.Array _ -> ARRAY;
      case GgufValue.U64 _ -> UINT64;
      case GgufValue.I64 _ -> INT64;
      case GgufValue.F64 _ -> FLOAT64;
    };
  }
}
