package halftone.numeric;

/// Q2_K: 256 weights in 16 groups; scale and minimum nibbles at 0, two-bit codes at 16, d at 80, dmin at 82;
/// y = d · scale · q − dmin · min.
final class Q2K extends AffineFormat {
  Q2K() {
    super("Q2_K", 256, 84, 16, 3, 0);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    float[] scales = scratch.scales;
    float[] mins = scratch.mins;
    float maxScale = 0;
    float maxMin = 0;
    for (int g = 0; g < 16; g++) {
      for (int i = 0; i < 16; i++) {
        scratch.weights[i] = Math.abs(x[at + 16 * g + i]);
      }
      scales[g] =
          Searches.affine(
              x, at + 16 * g, 16, 3, scratch.weights, -0.5f, 0.1f, 15, true, scratch.codes, 16 * g, scratch);
      mins[g] = scratch.min;
      maxScale = Math.max(maxScale, scales[g]);
      maxMin = Math.max(maxMin, mins[g]);
    }
    float inverseScale = maxScale > 0 ? 15 / maxScale : 0;
    float inverseMin = maxMin > 0 ? 15 / maxMin : 0;
    for (int g = 0; g < 16; g++) {
      out[to + g] =
          (byte) (Bits.nearest(inverseScale * scales[g]) | Bits.nearest(inverseMin * mins[g]) << 4);
    }
    Bits.putHalf(out, to + 80, maxScale / 15);
    Bits.putHalf(out, to + 82, maxMin / 15);
    requantize(x, at, scratch.codes, out, to, scratch);
  }

  @Override
  void encode(float[] x, int at, float[] v, int j, float rowMeanSquare, byte[] out, int to, Scratch scratch) {
    float energy = KQuants.energy(x, at) / 256;
    for (int g = 0; g < 16; g++) {
      KQuants.weigh(x, at + 16 * g, v, j + 16 * g, 16, energy, scratch, g);
      scratch.scales[g] =
          Searches.affine(
              x, at + 16 * g, 16, 3, scratch.weights, -0.9f, 0.05f, 36, false, scratch.codes, 16 * g, scratch);
      scratch.mins[g] = scratch.min;
    }
    float d = Searches.positive(scratch.scales, 16, 15, scratch.groupWeights, scratch.scaleCodes);
    float dmin = Searches.positive(scratch.mins, 16, 15, scratch.groupWeights, scratch.minCodes);
    for (int g = 0; g < 16; g++) {
      out[to + g] = (byte) (scratch.scaleCodes[g] | scratch.minCodes[g] << 4);
    }
    Bits.putHalf(out, to + 80, d);
    Bits.putHalf(out, to + 82, dmin);
    requantize(x, at, scratch.codes, out, to, scratch);
  }

  @Override
  void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    float d = Bits.half(blocks, from + 80);
    float dmin = Bits.half(blocks, from + 82);
    for (int g = 0; g < 16; g++) {
      steps[at + g * stride] = d * (blocks[from + g] & 15);
      offsets[at + g * stride] = -(dmin * ((blocks[from + g] >> 4) & 15));
    }
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return KQuants.twoBits(blocks, from + 16, i);
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    KQuants.setTwoBits(blocks, from + 16, i, code);
  }
}
