package halftone.torch.curvature;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Gradients of a [Loss], and means of what batches give.
final class Derivatives {
  private final Loss loss;
  private final Layout layout;
  private final List<Tensor> parameters;

  Derivatives(Loss loss) {
    if (loss.batches() < 1) {
      throw new IllegalArgumentException("the curvature of a loss over no batches");
    }
    this.loss = loss;
    this.layout = Layout.of(loss.parameters());
    this.parameters = new ArrayList<>(loss.parameters().values());
    if (!parameters.stream().allMatch(Tensor::requires_grad)) {
      throw new IllegalArgumentException("every parameter must require gradients");
    }
  }

  Layout layout() {
    return layout;
  }

  List<Tensor> parameters() {
    return parameters;
  }

  /// What one batch gives, flat.
  interface PerBatch {
    Tensor of(BatchLoss batch);
  }

  /// The mean over all samples of all batches; each batch's graph is freed before the next is
  /// built.
  ///
  /// @throws IllegalArgumentException when some batches' losses are means and others' sums
  Tensor mean(PerBatch work) {
    Tensor sum = torch.zeros_like(flat());
    double samples = 0;
    BatchLoss.Reduction reduction = null;
    for (int i = 0; i < loss.batches(); i++) {
      try (PointerScope scope = new PointerScope()) {
        BatchLoss batch = loss.batch(i);
        if (reduction != null && reduction != batch.reduction()) {
          throw new IllegalArgumentException("means and sums do not mix in one loss");
        }
        reduction = batch.reduction();
        sum.add_(work.of(batch).detach(), new Scalar(batch.weight()));
        samples += batch.samples();
      }
    }
    return sum.div_(new Scalar(samples));
  }

  /// All parameters, flat, apart from any graph.
  Tensor flat() {
    return layout.join(vector(), parameters).detach();
  }

  TensorVector vector() {
    TensorVector vector = new TensorVector();
    parameters.forEach(vector::push_back);
    return vector;
  }

  /// Gradients by the parameters, undefined where a loss does not depend on one.
  TensorVector gradients(Tensor of, boolean twice) {
    return torch.grad(
        new TensorVector(of), vector(), new TensorVector(), new BoolOptional(twice), twice, true);
  }

  /// The gradient of the mean loss, flat.
  Tensor gradient() {
    return mean(batch -> layout.join(gradients(batch.value(), false), parameters));
  }
}
