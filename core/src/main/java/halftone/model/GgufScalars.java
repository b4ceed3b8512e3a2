package halftone.model;

import java.nio.ByteBuffer;

/// Metadata values of fixed size, between a little-endian buffer and records.
final class GgufScalars {
  private GgufScalars() {}

  static GgufValue read(GgufType type, ByteBuffer in) {
    return switch (type) {
      case UINT8 -> new GgufValue.U8(Byte.toUnsignedInt(in.get()));
      case INT8 -> new GgufValue.I8(in.get());
      case UINT16 -> new GgufValue.U16(Short.toUnsignedInt(in.getShort()));
      case INT16 -> new GgufValue.I16(in.getShort());
      case UINT32 -> new GgufValue.U32(Integer.toUnsignedLong(in.getInt()));
      case INT32 -> new GgufValue.I32(in.getInt());
      case FLOAT32 -> new GgufValue.F32(in.getFloat());
      case BOOL -> new GgufValue.Bool(in.get() != 0);
      case UINT64 -> new GgufValue.U64(in.getLong());
      case INT64 -> new GgufValue.I64(in.getLong());
      case FLOAT64 -> new GgufValue.F64(in.getDouble());
      case STRING, ARRAY -> throw new IllegalArgumentException(type + " has no fixed size");
    };
  }

  /// Floats keep the bits of their NaNs.
  static void write(GgufValue value, ByteBuffer out) {
    switch (value) {
      case GgufValue.U8(int number) -> out.put((byte) number);
      case GgufValue.I8(int number) -> out.put((byte) number);
      case GgufValue.U16(int number) -> out.putShort((short) number);
      case GgufValue.I16(int number) -> out.putShort((short) number);
      case GgufValue.U32(long number) -> out.putInt((int) number);
      case GgufValue.I32(int number) -> out.putInt(number);
      case GgufValue.F32(float number) -> out.putInt(Float.floatToRawIntBits(number));
      case GgufValue.Bool(boolean truth) -> out.put((byte) (truth ? 1 : 0));
      case GgufValue.U64(long bits) -> out.putLong(bits);
      case GgufValue.I64(long number) -> out.putLong(number);
      case GgufValue.F64(double number) -> out.putLong(Double.doubleToRawLongBits(number));
      case GgufValue.Text _, GgufValue.Array _ ->
          throw new IllegalArgumentException("no fixed size: " + value);
    }
  }
}
