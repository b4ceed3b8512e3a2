package halftone.torch.curvature;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The diagonal of the empirical Fisher information: the mean over samples of squared gradients,
/// with batches of one sample each. Never negative, one gradient a sample.
public final class EmpiricalFisher {
  private EmpiricalFisher() {}

  /// Flat, one number a parameter.
  ///
  /// @throws IllegalArgumentException when a batch holds several samples: the square of a mean is
  ///   not the mean of squares
  public static Tensor diagonal(Loss loss) {
    Derivatives derivatives = new Derivatives(loss);
    Tensor sum = torch.zeros_like(derivatives.flat());
    for (int i = 0; i < loss.batches(); i++) {
      try (PointerScope scope = new PointerScope()) {
        BatchLoss batch = loss.batch(i);
        if (batch.samples() != 1) {
          throw new IllegalArgumentException(
              "batch %d holds %d samples; give each its own".formatted(i, batch.samples()));
        }
        Tensor gradient =
            derivatives
                .layout()
                .join(derivatives.gradients(batch.value(), false), derivatives.parameters());
        sum.addcmul_(gradient, gradient);
      }
    }
    return sum.div_(new Scalar(loss.batches()));
  }
}
