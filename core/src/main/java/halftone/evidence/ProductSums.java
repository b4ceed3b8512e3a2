package halftone.evidence;

import halftone.kernel.VectorKernels;
import halftone.runtime.Activations;
import halftone.workers.Workers;

/// Sums over tokens of products of a layer's inputs, in double: fifty thousand squares lose digits
/// in float. Lengths are known when the first batch comes.
final class ProductSums {
  private double[] sums = {};
  private int width;
  private long tokens;

  /// Adds x_j² of every token.
  void addSquares(Activations inputs) {
    start(inputs, 1);
    float[] values = inputs.values();
    for (int row = 0, at = 0; row < inputs.rows(); row++) {
      for (int j = 0; j < width; j++, at++) {
        sums[j] += (double) values[at] * values[at];
      }
    }
    tokens += inputs.rows();
  }

  /// Adds x xᵀ of every token, row-major.
  void addGram(Activations inputs, Workers workers) {
    start(inputs, inputs.width());
    VectorKernels.gram(inputs.values(), inputs.rows(), width, sums, workers);
    tokens += inputs.rows();
  }

  /// Adds x yᵀ of every token, row-major, for two inputs of one width on the same tokens.
  void addCross(Activations x, Activations y, Workers workers) {
    start(x, x.width());
    VectorKernels.cross(x.values(), y.values(), x.rows(), width, width, sums, workers);
    tokens += x.rows();
  }

  private void start(Activations inputs, int rows) {
    if (sums.length == 0) {
      width = inputs.width();
      sums = new double[rows * width];
    }
  }

  int width() {
    return width;
  }

  long tokens() {
    return tokens;
  }

  float[] toFloats() {
    return divided(1);
  }

  /// The sums over the number of tokens.
  float[] toMeans() {
    return divided(tokens);
  }

  private float[] divided(double by) {
    float[] floats = new float[sums.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) (sums[i] / by);
    }
    return floats;
  }
}
