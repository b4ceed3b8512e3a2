package halftone.bench;

import java.util.SplittableRandom;

/// Reproducible numbers to compute on. Values shaped like a network's: data of zeros or of
/// denormals would time something else.
final class RandomFloats {
  private RandomFloats() {}

  /// Normally distributed, as weights (deviation 0.02) and activations (deviation 1) roughly are.
  static float[] normal(int count, double deviation, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  /// Squares of normally distributed numbers: mean squares of inputs, as importance is.
  static float[] importance(int count, long seed) {
    float[] values = normal(count, 1, seed);
    for (int i = 0; i < count; i++) {
      values[i] *= values[i];
    }
    return values;
  }
}
