package halftone.parts;

import halftone.numeric.ElementFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The scales of the blocks of a weight, row by row, rounded to what is stored of them.
///
/// | kind | stored | a scale is |
/// |---|---|---|
/// | `f32`, `f16` | `scales` F32 or F16 | the value |
/// | `e8m0` | `scales` U8 | 2^(byte − 127); 255 is none |
/// | `e4m3` | `scales` U8, `tensor_scale` F32 {1} | the F8_E4M3 value times the tensor's |
/// | `i8` | `scales` I8, `steps` F32 {one for 256 scales}, `mean` F32 {1} | code · step + mean |
public final class BlockScales {
  /// Scales that share a step in `i8`, as in QLoRA's double quantization.
  private static final int TOGETHER = 256;

  private static final int EXPONENT_BIAS = 127;

  private final String kind;
  private final float[] values;
  private final SequencedMap<String, Field> fields;

  private BlockScales(String kind, float[] values, SequencedMap<String, Field> fields) {
    this.kind = kind;
    this.values = values;
    this.fields = fields;
  }

  /// Scales in single precision, as they are.
  public static BlockScales singles(float[] wanted) {
    return read("f32", one("scales", Field.singles(wanted, wanted.length)));
  }

  /// The nearest scales in half precision.
  public static BlockScales halves(float[] wanted) {
    short[] bits = new short[wanted.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToFloat16(wanted[i]);
    }
    return read("f16", one("scales", Field.halves(bits, bits.length)));
  }

  /// Powers of two.
  ///
  /// @param exponents from −127 to 127
  public static BlockScales powersOfTwo(int[] exponents) {
    byte[] bytes = new byte[exponents.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (exponents[i] + EXPONENT_BIAS);
    }
    return read("e8m0", one("scales", Field.bytes(bytes, bytes.length)));
  }

  /// NVFP4's two levels.
  ///
  /// @param codes of F8_E4M3
  public static BlockScales twoLevels(byte[] codes, float tensorScale) {
    SequencedMap<String, Field> fields = one("scales", Field.bytes(codes, codes.length));
    fields.put("tensor_scale", Field.singles(new float[] {tensorScale}, 1));
    return read("e4m3", fields);
  }

  /// QLoRA's double quantization: what the scales differ from their mean, in signed bytes.
  public static BlockScales doubled(float[] wanted) {
    double sum = 0;
    for (float scale : wanted) {
      sum += scale;
    }
    float mean = (float) (sum / wanted.length);
    float[] steps = new float[Math.ceilDiv(wanted.length, TOGETHER)];
    for (int i = 0; i < wanted.length; i++) {
      float step = Math.abs(wanted[i] - mean) / Byte.MAX_VALUE;
      steps[i / TOGETHER] = Math.max(steps[i / TOGETHER], step);
    }
    byte[] codes = new byte[wanted.length];
    for (int i = 0; i < codes.length; i++) {
      float step = steps[i / TOGETHER];
      codes[i] = (byte) (step == 0 ? 0 : Math.rint((wanted[i] - mean) / step));
    }
    SequencedMap<String, Field> fields = one("scales", Field.signedBytes(codes, codes.length));
    fields.put("steps", Field.singles(steps, steps.length));
    fields.put("mean", Field.singles(new float[] {mean}, 1));
    return read("i8", fields);
  }

  private static SequencedMap<String, Field> one(String name, Field field) {
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    fields.put(name, field);
    return fields;
  }

  /// Scales as they are stored.
  ///
  /// @throws IllegalArgumentException for an unknown kind, a missing array, or a value that is no
  ///   scale
  public static BlockScales read(String kind, SequencedMap<String, Field> fields) {
    float[] values =
        switch (kind) {
          case "f32" -> Field.of(fields, "scales", "F32").toSingles();
          case "f16" -> ofHalves(Field.of(fields, "scales", "F16").toHalves());
          case "e8m0" -> ofExponents(Field.of(fields, "scales", "U8").toBytes());
          case "e4m3" -> ofTwoLevels(fields);
          case "i8" -> ofDoubled(fields);
          default ->
              throw new IllegalArgumentException("scales of kind '" + kind + "' are unknown");
        };
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("a scale of kind '%s' is %s".formatted(kind, value));
      }
    }
    SequencedMap<String, Field> own = new LinkedHashMap<>(fields);
    own.keySet().retainAll(List.of("scales", "tensor_scale", "steps", "mean"));
    return new BlockScales(kind, values, own);
  }

  private static float[] ofHalves(short[] bits) {
    float[] values = new float[bits.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.float16ToFloat(bits[i]);
    }
    return values;
  }

  /// Byte 255, which is no scale, becomes an infinity.
  private static float[] ofExponents(byte[] bytes) {
    float[] values = new float[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.scalb(1f, (bytes[i] & 0xFF) - EXPONENT_BIAS);
    }
    return values;
  }

  private static float[] ofTwoLevels(SequencedMap<String, Field> fields) {
    byte[] codes = Field.of(fields, "scales", "U8").toBytes();
    float tensorScale = only(fields, "tensor_scale");
    float[] values = new float[codes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = ElementFormat.F8_E4M3.value(codes[i] & 0xFF) * tensorScale;
    }
    return values;
  }

  private static float[] ofDoubled(SequencedMap<String, Field> fields) {
    byte[] codes = Field.of(fields, "scales", "I8").toBytes();
    float[] steps = Field.of(fields, "steps", "F32").toSingles();
    float mean = only(fields, "mean");
    if (steps.length != Math.ceilDiv(codes.length, TOGETHER)) {
      throw new IllegalArgumentException(
          "%d steps for %d scales".formatted(steps.length, codes.length));
    }
    float[] values = new float[codes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = codes[i] * steps[i / TOGETHER] + mean;
    }
    return values;
  }

  private static float only(SequencedMap<String, Field> fields, String name) {
    float[] values = Field.of(fields, name, "F32").toSingles();
    if (values.length != 1) {
      throw new IllegalArgumentException(values.length + " values in the array '" + name + "'");
    }
    return values[0];
  }

  public String kind() {
    return kind;
  }

  public int count() {
    return values.length;
  }

  public float get(int index) {
    return values[index];
  }

  SequencedMap<String, Field> fields() {
    return fields;
  }
}
