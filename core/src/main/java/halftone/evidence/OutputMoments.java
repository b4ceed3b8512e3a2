package halftone.evidence;

import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Second moments of the gradients g of a log-likelihood by the outputs of a linear layer: means
/// over tokens. With labels drawn from the network, the layer's Kronecker factor G (K-FAC, arXiv
/// 1503.05671); in float32.
///
/// @param squares mean of g_i², one an output
/// @param gram mean of g gᵀ, row-major and symmetric, or null where only the squares were gathered
public record OutputMoments(float[] squares, float @Nullable [] gram) {
  public OutputMoments {
    if (gram != null && gram.length != squares.length * squares.length) {
      throw new IllegalArgumentException("moments of " + squares.length + " outputs have others");
    }
  }

  public int width() {
    return squares.length;
  }

  /// The squares of some outputs, scaled so that their mean is that of all: what is summed over the
  /// sample with these weights, times all ÷ sampled, estimates the sum over all better than with
  /// the plain ones, since a few outputs can hold most of the squares. The Gram matrix is left out.
  ///
  /// @param chosen output of each place in the sample
  public OutputMoments sampled(IntUnaryOperator chosen, int count) {
    if (count == squares.length) {
      return this;
    }
    float[] some = new float[count];
    double sampled = 0;
    for (int i = 0; i < count; i++) {
      some[i] = squares[chosen.applyAsInt(i)];
      sampled += some[i];
    }
    double all = 0;
    for (float square : squares) {
      all += square;
    }
    double factor = sampled > 0 ? all / sampled * count / squares.length : 1;
    for (int i = 0; i < count; i++) {
      some[i] *= (float) factor;
    }
    return new OutputMoments(some, null);
  }
}
