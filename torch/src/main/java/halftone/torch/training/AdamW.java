package halftone.torch.training;

import halftone.torch.Memory;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Adam with decoupled weight decay: with gradient g, m ← β₁m + (1 − β₁)g and v ← β₂v + (1 − β₂)g²,
///
/// w ← w − η (m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε) + λw).
///
/// Gradients longer than 1 in all are shortened to 1 first. Vectors do not decay. Source:
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (1711.05101); β₁ 0.9, β₂ 0.95.
final class AdamW implements AutoCloseable {
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.95;
  private static final double EPSILON = 1e-8;
  private static final double LONGEST = 1;

  private final List<Tensor> weights;
  private final List<Tensor> first = new ArrayList<>();
  private final List<Tensor> second = new ArrayList<>();
  private final double decay;

  /// @param weights changed in place by each step; they stay the caller's
  AdamW(List<Tensor> weights, double decay) {
    this.weights = List.copyOf(weights);
    this.decay = decay;
    try (PointerScope scope = new PointerScope()) {
      for (Tensor weight : weights) {
        first.add(Memory.kept(torch.zeros_like(weight.detach())));
        second.add(Memory.kept(torch.zeros_like(weight.detach())));
      }
    }
  }

  /// Running means m of the gradients, one a weight.
  List<Tensor> first() {
    return first;
  }

  /// Running means v of their squares, one a weight.
  List<Tensor> second() {
    return second;
  }

  /// One update.
  ///
  /// @param gradients one a weight; overwritten
  /// @param step t, counted from 1
  /// @return length of all gradients together, before it was shortened
  double step(List<Tensor> gradients, int step, double rate) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      double length = length(gradients);
      double shorter = length > LONGEST ? LONGEST / length : 1;
      for (int i = 0; i < weights.size(); i++) {
        update(i, gradients.get(i).mul_(new Scalar(shorter)), step, rate);
      }
      return length;
    }
  }

  private static double length(List<Tensor> gradients) {
    double squares = 0;
    for (Tensor gradient : gradients) {
      Tensor flat = gradient.flatten();
      squares += torch.dot(flat, flat).item_float();
    }
    return Math.sqrt(squares);
  }

  private void update(int index, Tensor gradient, int step, double rate) {
    Tensor weight = weights.get(index);
    Tensor m = first.get(index).mul_(new Scalar(BETA_1)).add_(gradient, new Scalar(1 - BETA_1));
    Tensor v = second.get(index).mul_(new Scalar(BETA_2));
    v.addcmul_(gradient, gradient, new Scalar(1 - BETA_2));
    Tensor root = v.div(new Scalar(1 - Math.pow(BETA_2, step))).sqrt_().add_(new Scalar(EPSILON));
    if (weight.dim() > 1) {
      weight.mul_(new Scalar(1 - rate * decay));
    }
    weight.addcdiv_(m, root, new Scalar(-rate / (1 - Math.pow(BETA_1, step))));
  }

  @Override
  public void close() {
    first.forEach(Tensor::releaseReference);
    second.forEach(Tensor::releaseReference);
  }
}
