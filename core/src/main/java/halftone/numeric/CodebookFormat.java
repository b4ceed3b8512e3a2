package halftone.numeric;

/// A block format decoded as `step · table[code]` with a step for each group of neighbouring weights.
abstract class CodebookFormat extends BlockFormat implements BlockCodes {
  /// The non-linear table of IQ4_NL and IQ4_XS.
  static final Codebook IQ4 =
      new Codebook(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

  /// E2M1 (OCP Microscaling v1.0) with every value doubled; code 8 is −0, and never the nearest.
  static final Codebook E2M1 = new Codebook(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

  private final Codebook codebook;
  private final int groupSize;

  CodebookFormat(String id, int weights, int bytes, int groupSize, Codebook codebook) {
    super(id, weights, bytes);
    this.groupSize = groupSize;
    this.codebook = codebook;
  }

  final Codebook codebook() {
    return codebook;
  }

  final int groupSize() {
    return groupSize;
  }

  /// Step of each group of the block at `from`: group g at `at + g · stride`.
  abstract void steps(byte[] blocks, int from, float[] steps, int at, int stride);

  @Override
  final void decode(byte[] in, int from, float[] out, int at) {
    float[] steps = new float[layout().weights() / groupSize];
    steps(in, from, steps, 0, 1);
    for (int i = 0; i < layout().weights(); i++) {
      out[at + i] = steps[i / groupSize] * codebook.value(code(in, from, i));
    }
  }

  @Override
  final FittedRows refit(byte[] blocks, int rows, int columns) {
    return new CodebookRows(this, blocks, rows, columns);
  }
}
