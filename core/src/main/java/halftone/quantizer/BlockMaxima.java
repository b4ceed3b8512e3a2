package halftone.quantizer;

/// The largest magnitude of every block of a weight's rows, row by row; a last block may be
/// shorter.
final class BlockMaxima {
  private BlockMaxima() {}

  static float[] of(WholeWeight weight, int block) {
    int blocks = Math.ceilDiv(weight.columns(), block);
    float[] maxima = new float[weight.rows() * blocks];
    for (int row = 0; row < weight.rows(); row++) {
      for (int j = 0; j < weight.columns(); j++) {
        int at = row * blocks + j / block;
        float magnitude = Math.abs(weight.values()[row * weight.columns() + j]);
        maxima[at] = Math.max(maxima[at], magnitude);
      }
    }
    return maxima;
  }
}
