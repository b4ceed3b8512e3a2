package halftone.torch.curvature;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Exact products with the Hessian of a loss by double backward (Pearlmutter 1994): the gradient is
/// differentiated once more, along v. Batches count by their samples; the Hessian is indefinite, so
/// traces and eigenvalues can be negative.
public final class HessianProduct implements SymmetricMap {
  private final Derivatives derivatives;

  /// @throws IllegalArgumentException when the loss has no batch or no parameter
  public HessianProduct(Loss loss) {
    this.derivatives = new Derivatives(loss);
  }

  @Override
  public Layout layout() {
    return derivatives.layout();
  }

  /// @throws NotTwiceDifferentiableException where an operation has no second derivative
  @Override
  public Tensor times(Tensor v) {
    layout().require(v);
    List<Tensor> parts = layout().split(v, derivatives.parameters());
    return derivatives.mean(batch -> product(batch, parts));
  }

  /// v as the gradient's seed: its product with the gradient is never formed.
  private Tensor product(BatchLoss batch, List<Tensor> v) {
    TensorVector gradients = derivatives.gradients(batch.value(), true);
    List<Tensor> seeds = new ArrayList<>();
    TensorVector outputs = new TensorVector();
    for (int i = 0; i < v.size(); i++) {
      // A gradient that depends on no parameter is constant: its derivative is zero.
      if (gradients.get(i).defined() && gradients.get(i).requires_grad()) {
        outputs.push_back(gradients.get(i));
        seeds.add(v.get(i));
      }
    }
    if (seeds.isEmpty()) {
      return torch.zeros_like(derivatives.flat());
    }
    TensorVector seed = new TensorVector(seeds.toArray(Tensor[]::new));
    try {
      TensorVector second =
          torch.grad(outputs, derivatives.vector(), seed, new BoolOptional(false), false, true);
      return layout().join(second, derivatives.parameters());
    } catch (RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("is not implemented")) {
        throw new NotTwiceDifferentiableException(
            message.lines().findFirst().orElse("no derivative"), e);
      }
      throw e;
    }
  }
}
