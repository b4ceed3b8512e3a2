package halftone.kernel;

/// The inner loops over a row of logits: maximum, sum of exponentials, Kullback-Leibler sums.
///
/// Element i belongs to lane i mod 16. A lane sums 32 floats, adds that to a double, and so on; the
/// 16 doubles are added as a fixed tree. Every implementation follows this order with the same
/// exponential, so all give the same bits.
public sealed interface SoftmaxKernel permits SoftmaxKernelScalar, SoftmaxKernelVector {
  /// The lanes of the order of summation.
  int LANES = 16;

  /// How many elements of a lane are summed in float.
  int STEPS = 32;

  /// The fast one.
  static SoftmaxKernel fastest() {
    return new SoftmaxKernelVector();
  }

  /// The largest of `values[at … at + count − 1]`; NaN when one of them is NaN.
  float max(float[] values, int at, int count);

  /// Σ exp(value − max). The relative error of an exponential is below 2e-7; those below e⁻⁸⁷·³
  /// count as zero. NaN when a value is NaN or infinitely above `max`.
  double sumExp(float[] values, int at, int count, float max);

  /// Over the elements with p − maxP > `cut`: Σ e^(p − maxP)·(p − q) and Σ e^(p − maxP). The
  /// difference is taken of the values themselves, where it is exact for close ones.
  Divergence divergence(float[] p, int atP, float maxP, float[] q, int atQ, int count, float cut);

  /// @param weighted Σ e^(p − maxP)·(p − q)
  /// @param mass Σ e^(p − maxP)
  record Divergence(double weighted, double mass) {}

  /// The first index, counted from `at`, where `value` stands; −1 when it does not.
  int indexOf(float[] values, int at, int count, float value);
}
