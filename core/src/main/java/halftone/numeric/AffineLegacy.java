package halftone.numeric;

/// Q4_1 and Q5_1: 32 weights, f16 scale d and minimum m, y = d · q + m.
abstract class AffineLegacy extends AffineFormat {
  AffineLegacy(String id, int bytes, int maxCode) {
    super(id, 32, bytes, 32, maxCode, 0);
  }

  @Override
  final void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    float min = x[at];
    float max = x[at];
    for (int i = 1; i < 32; i++) {
      min = Math.min(min, x[at + i]);
      max = Math.max(max, x[at + i]);
    }
    float d = (max - min) / maxCode();
    float inverse = d != 0 ? 1 / d : 0;
    Bits.putHalf(out, to, d);
    Bits.putHalf(out, to + 2, min);
    for (int i = 0; i < 32; i++) {
      setCode(out, to, i, Math.min(maxCode(), (int) ((x[at + i] - min) * inverse + 0.5f)));
    }
  }

  @Override
  final void encode(
      float[] x, int at, float[] v, int j, float rowMeanSquare, byte[] out, int to, Scratch scratch) {
    for (int i = 0; i < 32; i++) {
      scratch.weights[i] = v[j + i] * (float) Math.sqrt(rowMeanSquare + x[at + i] * x[at + i]);
    }
    float d =
        Searches.affine(
            x, at, 32, maxCode(), scratch.weights, -0.9f, 0.05f, 36, false, scratch.codes, 0, scratch);
    Bits.putHalf(out, to, d);
    Bits.putHalf(out, to + 2, -scratch.min);
    for (int i = 0; i < 32; i++) {
      setCode(out, to, i, scratch.codes[i]);
    }
  }

  @Override
  final void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    steps[at] = Bits.half(blocks, from);
    offsets[at] = Bits.half(blocks, from + 2);
  }
}
