package halftone.numeric;

/// A block format decoded as `step · (code − bias) + offset` with a step and an offset for each group of neighbouring
/// weights. Where a format has no offset it is −0.0, the one number that added to −0.0 leaves it.
abstract class AffineFormat extends BlockFormat implements BlockCodes {
  private final int groupSize;
  private final int maxCode;
  private final int bias;

  AffineFormat(String id, int weights, int bytes, int groupSize, int maxCode, int bias) {
    super(id, weights, bytes);
    this.groupSize = groupSize;
    this.maxCode = maxCode;
    this.bias = bias;
  }

  final int groupSize() {
    return groupSize;
  }

  final int maxCode() {
    return maxCode;
  }

  final int bias() {
    return bias;
  }

  /// Step and offset of each group of the block at `from`: group g at `at + g · stride`.
  abstract void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride);

  @Override
  final void decode(byte[] in, int from, float[] out, int at) {
    int groups = layout().weights() / groupSize;
    float[] steps = new float[groups];
    float[] offsets = new float[groups];
    grid(in, from, steps, offsets, 0, 1);
    decodeCodes(in, from, steps, offsets, out, at);
  }

  /// Decodes all codes of a block. Overridden where reading codes one by one is too slow.
  void decodeCodes(byte[] in, int from, float[] steps, float[] offsets, float[] out, int at) {
    for (int i = 0; i < layout().weights(); i++) {
      int group = i / groupSize;
      out[at + i] = steps[group] * (code(in, from, i) - bias) + offsets[group];
    }
  }

  @Override
  final FittedRows refit(byte[] blocks, int rows, int columns) {
    return new AffineRows(this, blocks, rows, columns);
  }

  /// Chooses the nearest codes under the stored scales; groups whose step is zero keep those in `first`.
  final void requantize(float[] x, int at, byte[] first, byte[] out, int to, Scratch scratch) {
    float[] steps = scratch.scales;
    float[] offsets = scratch.mins;
    grid(out, to, steps, offsets, 0, 1);
    for (int i = 0; i < layout().weights(); i++) {
      int group = i / groupSize;
      int code =
          steps[group] == 0
              ? first[i]
              : Bits.clamp(Bits.nearest((x[at + i] - offsets[group]) / steps[group]) + bias, 0, maxCode);
      setCode(out, to, i, code);
    }
  }
}
