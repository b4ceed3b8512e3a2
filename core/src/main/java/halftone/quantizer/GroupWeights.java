package halftone.quantizer;

/// The weights of a group in a row, wherever they lie: weight j at `values[at + j · stride]`.
record GroupWeights(float[] values, int at, int stride, int count) {
  float get(int j) {
    return values[at + j * stride];
  }
}
