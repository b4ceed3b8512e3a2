package halftone.numeric;

/// Inputs rounded to signed bytes under one scale for every 32 of them, the largest magnitude over
/// 127: what our own integer products multiply. llama.cpp's Q8_0 is the same with a scale of 16
/// bits, its Q8_K has one scale for 256.
public record Int8Runs() implements InputRounding {
  /// Inputs that share a scale.
  public static final int RUN = 32;

  /// The largest code.
  public static final float LARGEST = 127;

  /// Where all magnitudes are below it, codes are zeros: 127 over a smaller one may be infinite.
  public static final float TINY = 1e-36f;

  /// Codes of the 32 inputs from `values[from]`.
  ///
  /// @return their scale
  public static float quantize(float[] values, int from, int[] codes) {
    float largest = 0;
    for (int i = 0; i < RUN; i++) {
      largest = Math.max(largest, Math.abs(values[from + i]));
    }
    float inverse = largest < TINY ? 0 : LARGEST / largest;
    for (int i = 0; i < RUN; i++) {
      codes[i] = (int) (values[from + i] * inverse + Bits.MAGIC - Bits.MAGIC);
    }
    return largest / LARGEST;
  }
}
