package halftone.torch.curvature;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Hessian-vector products from gradients alone, where something has no second derivative: (g(w +
/// εv) − g(w − εv)) / 2ε with ε = ε₀ (1 + ‖w‖) / ‖v‖. The parameters are put back from a copy, bit
/// for bit.
public final class FiniteDifferenceProduct implements SymmetricMap {
  /// Steps whose products differ by more are a sign that a kink lies between them.
  public static final double SUSPICIOUS = 0.1;

  private final Derivatives derivatives;
  private final double step;

  /// @param step ε₀
  public FiniteDifferenceProduct(Loss loss, double step) {
    this.derivatives = new Derivatives(loss);
    this.step = step;
    if (!(step > 0)) {
      throw new IllegalArgumentException("a step of " + step);
    }
  }

  /// ε₀ = 1e-3 in float32 and 1e-5 in float64.
  public FiniteDifferenceProduct(Loss loss) {
    this(loss, Layout.of(loss.parameters()).type() == ScalarType.Float ? 1e-3 : 1e-5);
  }

  @Override
  public Layout layout() {
    return derivatives.layout();
  }

  @Override
  public Tensor times(Tensor v) {
    return times(v, step);
  }

  /// ‖Hv − H'v‖ / ‖Hv‖ with H' from twice the step: above [#SUSPICIOUS] a kink (of a ReLU, say)
  /// lies between, and the product is not to be trusted.
  public double disagreement(Tensor v) {
    try (PointerScope scope = new PointerScope()) {
      Tensor once = times(v, step);
      double length = Layout.norm(once);
      return length == 0 ? 0 : Layout.norm(once.sub(times(v, 2 * step))) / length;
    }
  }

  private Tensor times(Tensor v, double initial) {
    layout().require(v);
    double length = Layout.norm(v);
    if (length == 0) {
      return torch.zeros_like(v);
    }
    Tensor result = torch.empty_like(v);
    try (PointerScope scope = new PointerScope()) {
      Tensor saved = derivatives.flat().clone();
      double epsilon = initial * (1 + Layout.norm(saved)) / length;
      try {
        Tensor ahead = gradientAt(saved.add(v, new Scalar(epsilon)));
        Tensor behind = gradientAt(saved.add(v, new Scalar(-epsilon)));
        result.copy_(ahead.sub_(behind).div_(new Scalar(2 * epsilon)));
      } finally {
        put(saved);
      }
    }
    return result;
  }

  private Tensor gradientAt(Tensor parameters) {
    put(parameters);
    return derivatives.gradient();
  }

  private void put(Tensor flat) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      List<Tensor> parts = layout().split(flat, derivatives.parameters());
      for (int i = 0; i < parts.size(); i++) {
        derivatives.parameters().get(i).copy_(parts.get(i));
      }
    }
  }
}
