package halftone.torch.curvature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// The spectrum of a matrix as one random vector sees it (stochastic Lanczos quadrature, Ubaru et
/// al. 2017): `steps` products give a tridiagonal matrix whose eigenvalues approach H's, the
/// extreme ones first. All vectors are kept and every new one is made orthogonal to them: steps × n
/// numbers.
public record Lanczos(long seed, int steps) {
  /// A remainder this short means that the vectors span an invariant subspace.
  private static final double NOTHING = 1e-10;

  public Lanczos {
    if (steps < 1) {
      throw new IllegalArgumentException("a spectrum of no steps");
    }
  }

  /// From probe `probe`, a Gaussian vector.
  public Spectrum spectrum(SymmetricMap map, int probe) {
    try (PointerScope scope = new PointerScope()) {
      return spectrum(map, map.layout().random(Layout.Noise.GAUSSIAN, seed, probe));
    }
  }

  /// From this vector, which is not changed.
  public Spectrum spectrum(SymmetricMap map, Tensor start) {
    map.layout().require(start);
    try (PointerScope scope = new PointerScope()) {
      List<Tensor> vectors = new ArrayList<>();
      Tensor v = start.clone();
      if (PowerIteration.Orthogonal.normalize(v, vectors) == 0) {
        throw new IllegalArgumentException("Lanczos cannot start from a vector of zeros");
      }
      double[] diagonal = new double[steps];
      double[] beside = new double[steps];
      int done = 0;
      while (done < steps) {
        Tensor w = map.times(v);
        diagonal[done] = Layout.dot(w, v);
        w.sub_(v, new Scalar(diagonal[done]));
        vectors.add(v);
        beside[done] = PowerIteration.Orthogonal.normalize(w, vectors);
        done++;
        if (done == map.layout().size() || beside[done - 1] < NOTHING) {
          break;
        }
        v = w;
      }
      return new SymmetricTridiagonal(
              Arrays.copyOf(diagonal, done), Arrays.copyOf(beside, done - 1))
          .spectrum();
    }
  }
}
