package halftone.torch.curvature;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Products with the Gauss–Newton matrix Jᵀ H_out J, J the Jacobian of the outputs by the
/// parameters and H_out the Hessian of the loss by the outputs: positive semidefinite for convex
/// losses, and equal to the Fisher information for the log-likelihoods of softmax. Jv comes from a
/// product with Jᵀ differentiated by its seed.
public final class GaussNewtonProduct implements SymmetricMap {
  private final Derivatives derivatives;

  /// @param loss whose batches tell their outputs
  public GaussNewtonProduct(Loss loss) {
    this.derivatives = new Derivatives(loss);
  }

  @Override
  public Layout layout() {
    return derivatives.layout();
  }

  @Override
  public Tensor times(Tensor v) {
    layout().require(v);
    return derivatives.mean(batch -> product(batch, v));
  }

  private Tensor product(BatchLoss batch, Tensor v) {
    Tensor outputs = batch.outputs();
    if (outputs == null) {
      throw new IllegalArgumentException("this loss does not tell its network's outputs");
    }
    Tensor seed = torch.zeros_like(outputs).set_requires_grad(true);
    TensorVector pulled = pull(outputs, seed, true);
    TensorVector along = new TensorVector();
    TensorVector constant = new TensorVector();
    int index = 0;
    for (Tensor part : layout().split(v, derivatives.parameters())) {
      if (pulled.get(index).defined()) {
        along.push_back(part);
        constant.push_back(pulled.get(index));
      }
      index++;
    }
    Tensor pushed = gradient(constant, seed, along, false);
    Tensor byOutputs = gradient(new TensorVector(batch.value()), outputs, new TensorVector(), true);
    Tensor curved = gradient(new TensorVector(byOutputs), outputs, new TensorVector(pushed), false);
    return layout().join(pull(outputs, curved, false), derivatives.parameters());
  }

  /// Jᵀ · seed.
  private TensorVector pull(Tensor outputs, Tensor seed, boolean twice) {
    return torch.grad(
        new TensorVector(outputs),
        derivatives.vector(),
        new TensorVector(seed),
        new BoolOptional(true),
        twice,
        true);
  }

  private static Tensor gradient(TensorVector of, Tensor by, TensorVector seeds, boolean twice) {
    TensorVector found =
        torch.grad(of, new TensorVector(by), seeds, new BoolOptional(true), twice, true);
    return found.get(0).defined() ? found.get(0) : torch.zeros_like(by);
  }
}
