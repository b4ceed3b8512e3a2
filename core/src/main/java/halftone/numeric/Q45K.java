package halftone.numeric;

/// Q4_K and Q5_K: 256 weights in 8 groups; d at 0, dmin at 2, six-bit scales and minima at 4;
/// y = d · scale · q − dmin · min.
abstract class Q45K extends AffineFormat {
  private final float firstTrial;
  private final int trials;

  Q45K(String id, int bytes, int maxCode, float firstTrial, int trials) {
    super(id, 256, bytes, 32, maxCode, 0);
    this.firstTrial = firstTrial;
    this.trials = trials;
  }

  @Override
  final void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    float maxScale = 0;
    float maxMin = 0;
    for (int g = 0; g < 8; g++) {
      int from = at + 32 * g;
      float energy = 0;
      for (int i = 0; i < 32; i++) {
        energy += x[from + i] * x[from + i];
      }
      float spread = (float) Math.sqrt(energy / 32);
      for (int i = 0; i < 32; i++) {
        scratch.weights[i] = spread + Math.abs(x[from + i]);
      }
      scratch.scales[g] =
          Searches.affine(
              x, from, 32, maxCode(), scratch.weights, firstTrial, 0.1f, trials, false, scratch.codes, 32 * g,
              scratch);
      scratch.mins[g] = scratch.min;
      maxScale = Math.max(maxScale, scratch.scales[g]);
      maxMin = Math.max(maxMin, scratch.mins[g]);
    }
    float inverseScale = maxScale > 0 ? 63 / maxScale : 0;
    float inverseMin = maxMin > 0 ? 63 / maxMin : 0;
    for (int g = 0; g < 8; g++) {
      int scale = Math.min(63, Bits.nearest(inverseScale * scratch.scales[g]));
      int min = Math.min(63, Bits.nearest(inverseMin * scratch.mins[g]));
      KQuants.putScaleAndMin(out, to + 4, g, scale, min);
    }
    Bits.putHalf(out, to, maxScale / 63);
    Bits.putHalf(out, to + 2, maxMin / 63);
    requantize(x, at, scratch.codes, out, to, scratch);
  }

  @Override
  final void encode(
      float[] x, int at, float[] v, int j, float rowMeanSquare, byte[] out, int to, Scratch scratch) {
    float energy = 2 * KQuants.energy(x, at) / 256;
    for (int g = 0; g < 8; g++) {
      KQuants.weigh(x, at + 32 * g, v, j + 32 * g, 32, energy, scratch, g);
      scratch.scales[g] =
          Searches.affine(
              x, at + 32 * g, 32, maxCode(), scratch.weights, -0.9f, 0.05f, 36, false, scratch.codes, 32 * g,
              scratch);
      scratch.mins[g] = scratch.min;
    }
    float d = Searches.positive(scratch.scales, 8, 63, scratch.groupWeights, scratch.scaleCodes);
    float dmin = Searches.positive(scratch.mins, 8, 63, scratch.groupWeights, scratch.minCodes);
    for (int g = 0; g < 8; g++) {
      KQuants.putScaleAndMin(out, to + 4, g, scratch.scaleCodes[g], scratch.minCodes[g]);
    }
    Bits.putHalf(out, to, d);
    Bits.putHalf(out, to + 2, dmin);
    requantize(x, at, scratch.codes, out, to, scratch);
  }

  @Override
  final void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    float d = Bits.half(blocks, from);
    float dmin = Bits.half(blocks, from + 2);
    for (int g = 0; g < 8; g++) {
      steps[at + g * stride] = d * KQuants.scale(blocks, from + 4, g);
      offsets[at + g * stride] = -(dmin * KQuants.min(blocks, from + 4, g));
    }
  }
}
