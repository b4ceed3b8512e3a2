package halftone.numeric;

/// Q4_0 and Q5_0: 32 weights, one f16 scale d, y = d · (q − bias). The element with the largest magnitude gets code 0
/// exactly, whatever its sign: d is its value divided by −bias.
abstract class SymmetricLegacy extends AffineFormat {
  SymmetricLegacy(String id, int bytes, int maxCode, int bias) {
    super(id, 32, bytes, 32, maxCode, bias);
  }

  @Override
  final void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    float d = Searches.signedMax(x, at, 32) / -bias();
    float inverse = d != 0 ? 1 / d : 0;
    Bits.putHalf(out, to, d);
    for (int i = 0; i < 32; i++) {
      setCode(out, to, i, Math.min(maxCode(), (int) (x[at + i] * inverse + (bias() + 0.5f))));
    }
  }

  @Override
  final void encode(
      float[] x, int at, float[] v, int j, float rowMeanSquare, byte[] out, int to, Scratch scratch) {
    for (int i = 0; i < 32; i++) {
      scratch.weights[i] = v[j + i] * (float) Math.sqrt(rowMeanSquare + x[at + i] * x[at + i]);
    }
    float d = Searches.symmetric(x, at, 32, bias(), scratch.weights, 0, scratch.codes, 0);
    Bits.putHalf(out, to, d);
    for (int i = 0; i < 32; i++) {
      setCode(out, to, i, scratch.codes[i]);
    }
  }

  @Override
  final void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    steps[at] = Bits.half(blocks, from);
    offsets[at] = -0f;
  }
}
