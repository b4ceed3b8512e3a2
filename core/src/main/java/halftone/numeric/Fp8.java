package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Eight-bit floats of checkpoints, read only: S.EEEE.MMM and S.EEEEE.MM (Micikevicius et al. 2022,
/// arXiv 2209.05433).
///
/// E4M3 ("fn", bias 7) has no infinity: S.1111.111 is no number, 448 the largest. E5M2 (bias 15)
/// has the infinities S.11111.00, and 57344 is the largest number.
final class Fp8 implements NumberFormat {
  static final Fp8 E4M3 = new Fp8("F8_E4M3", 3, 7);
  static final Fp8 E5M2 = new Fp8("F8_E5M2", 2, 15);

  private final String id;
  private final float[] values = new float[256];

  private Fp8(String id, int mantissaBits, int bias) {
    this.id = id;
    for (int code = 0; code < 128; code++) {
      values[code] = magnitude(code, mantissaBits, bias);
      values[code + 128] = -values[code];
    }
  }

  private static float magnitude(int code, int mantissaBits, int bias) {
    int exponent = code >> mantissaBits;
    int mantissa = code & (1 << mantissaBits) - 1;
    boolean infinities = mantissaBits == 2;
    if (infinities && exponent == 31) {
      return mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    }
    if (!infinities && code == 127) {
      return Float.NaN;
    }
    return exponent == 0
        ? Math.scalb((float) mantissa, 1 - bias - mantissaBits)
        : Math.scalb((float) (mantissa + (1 << mantissaBits)), exponent - bias - mantissaBits);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public BlockLayout layout() {
    return new BlockLayout(1, 1);
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = values[in.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF];
    }
  }

  @Override
  public String toString() {
    return id;
  }
}
