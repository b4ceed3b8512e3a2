package halftone.numeric;

/// What TQ1_0 and TQ2_0 share: weight = d · t, t ∈ {−1, 0, 1}, d the largest magnitude of 256
/// weights (BitNet b1.58, TriLM; ggml).
abstract class TernaryFormat extends BlockWeightFormat implements OneHalfScale {
  private final int scaleAt;

  TernaryFormat(String id, int bytes) {
    super(id, 256, bytes);
    scaleAt = bytes - 2;
  }

  /// The digit t + 1 of weight `i`.
  abstract int digit(byte[] block, int i);

  @Override
  final int group() {
    return 256;
  }

  @Override
  final BlockRows newRows(int rows, int columns) {
    return new AffineRows(this, rows, columns, -1, 1, false);
  }

  @Override
  final void fitBlock(Block b) {
    float d = Math.abs(Block.signedMax(b.x, 0, 256));
    float inverse = d != 0 ? 1 / d : 0;
    for (int i = 0; i < 256; i++) {
      b.codes[i] = (byte) Bits.clamp(Bits.nearestAway(b.x[i] * inverse), -1, 1);
    }
    b.step[0] = b.putHalf(scaleAt, d);
  }

  @Override
  final void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, scaleAt);
    for (int i = 0; i < 256; i++) {
      out[at + i] = d * (digit(b, i) - 1);
    }
  }

  /// Two bits can say 2 as well, which no encoder does.
  @Override
  public IntegerCodes integers() {
    return IntegerCodes.range(256, -1, 2, IntegerCodes.Scales.HALF);
  }

  @Override
  public int scaleAt() {
    return scaleAt;
  }
}
