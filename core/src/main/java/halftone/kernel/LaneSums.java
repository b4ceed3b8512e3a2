package halftone.kernel;

/// Sums in the order that [SoftmaxKernel] fixes: 16 lanes of floats, emptied into doubles every 32
/// steps.
final class LaneSums {
  private final float[] floats = new float[SoftmaxKernel.LANES];
  private final double[] doubles = new double[SoftmaxKernel.LANES];

  /// Adds the value of element `i` of `count`; elements come in order.
  void add(int i, int count, float value) {
    add(i, count, value, 1f);
  }

  /// Adds a · b, rounded once.
  void add(int i, int count, float a, float b) {
    int lane = i % SoftmaxKernel.LANES;
    floats[lane] = Math.fma(a, b, floats[lane]);
    int step = i / SoftmaxKernel.LANES;
    int wholeSteps = count / SoftmaxKernel.LANES;
    boolean blockEnds = step % SoftmaxKernel.STEPS == SoftmaxKernel.STEPS - 1;
    if (blockEnds || step >= wholeSteps - 1) {
      empty(lane);
    }
  }

  private void empty(int lane) {
    doubles[lane] += floats[lane];
    floats[lane] = 0f;
  }

  double total() {
    return tree(doubles);
  }

  /// Lanes 0 … 7 plus lanes 8 … 15, and so on by halves.
  static double tree(double[] lanes) {
    double[] sums = lanes.clone();
    for (int half = sums.length / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[i + half];
      }
    }
    return sums[0];
  }
}
