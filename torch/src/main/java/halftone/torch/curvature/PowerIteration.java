package halftone.torch.curvature;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Eigenvalues of largest magnitude, one after the other: v ← Hv / ‖Hv‖, orthogonal to those found
/// before, until the Rayleigh quotient vᵀHv settles. Lanczos finds extreme ones in fewer products.
///
/// @param most iterations for each
/// @param tolerance relative change of the quotient that ends it
public record PowerIteration(long seed, int count, int most, double tolerance) {
  public PowerIteration {
    if (count < 1 || most < 1) {
      throw new IllegalArgumentException("eigenvalues of no iterations");
    }
  }

  /// 100 iterations, a change of 1e-3.
  public static PowerIteration standard(long seed, int count) {
    return new PowerIteration(seed, count, 100, 1e-3);
  }

  /// Signs as the quotients have them, largest magnitude first.
  public List<Double> eigenvalues(SymmetricMap map) {
    try (PointerScope scope = new PointerScope()) {
      List<Double> values = new ArrayList<>();
      List<Tensor> vectors = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        values.add(next(map, vectors, i));
      }
      return values;
    }
  }

  private double next(SymmetricMap map, List<Tensor> found, int index) {
    Tensor v = map.layout().random(Layout.Noise.GAUSSIAN, seed, index);
    double value = 0;
    Orthogonal.normalize(v, found);
    for (int i = 0; i < most; i++) {
      try (PointerScope scope = new PointerScope()) {
        Tensor product = map.times(v);
        double quotient = Layout.dot(v, product);
        boolean settled = Math.abs(quotient - value) <= tolerance * Math.abs(quotient);
        value = quotient;
        if (Orthogonal.normalize(product, found) == 0 || settled) {
          break;
        }
        v.copy_(product);
      }
    }
    found.add(v);
    return value;
  }

  /// Gram–Schmidt, in place.
  static final class Orthogonal {
    private Orthogonal() {}

    /// Takes from v its parts along unit vectors, twice for the rounding of the first time.
    static void to(Tensor v, List<Tensor> units) {
      for (int pass = 0; pass < 2; pass++) {
        for (Tensor unit : units) {
          v.sub_(unit, new Scalar(Layout.dot(unit, v)));
        }
      }
    }

    /// The same, then scales v to unit length; gives the length before, and leaves a zero vector
    /// alone.
    static double normalize(Tensor v, List<Tensor> units) {
      to(v, units);
      double length = Layout.norm(v);
      if (length > 0) {
        v.div_(new Scalar(length));
      }
      return length;
    }
  }
}
