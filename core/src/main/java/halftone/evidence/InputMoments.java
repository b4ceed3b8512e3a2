package halftone.evidence;

import org.jspecify.annotations.Nullable;

/// Second moments of the inputs x of one or more linear layers that share them, over `tokens`
/// calibration tokens.
///
/// @param width number of inputs n
/// @param squares Σ_t x_j², length n
/// @param gram Σ_t x xᵀ, weighted by [StreamScale], n × n row-major and symmetric, or null where
///   only the squares were gathered
public record InputMoments(int width, long tokens, float[] squares, float @Nullable [] gram) {
  public InputMoments {
    if (squares.length != width || (gram != null && gram.length != width * width)) {
      throw new IllegalArgumentException("moments of " + width + " inputs have other lengths");
    }
    if (tokens <= 0) {
      throw new IllegalArgumentException("moments of no tokens");
    }
  }

  /// Mean square of each input: what an importance matrix holds.
  public float[] importance() {
    float[] means = new float[width];
    for (int j = 0; j < width; j++) {
      means[j] = squares[j] / tokens;
    }
    return means;
  }

  /// The Gram matrix.
  ///
  /// @throws IllegalStateException when only the squares were gathered
  public float[] requireGram() {
    if (gram == null) {
      throw new IllegalStateException(
          "only the squares of the inputs were gathered, no Gram matrix");
    }
    return gram;
  }
}
