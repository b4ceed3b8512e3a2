package halftone.torch.curvature;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The diagonal of a matrix from products with random vectors: Σ v ⊙ Hv ⊘ Σ v ⊙ v (Bekas,
/// Kokiopoulou and Saad 2007).
public record BekasDiagonal(Layout.Noise noise, long seed, int probes) {
  public BekasDiagonal {
    if (probes < 1) {
      throw new IllegalArgumentException("a diagonal from no probes");
    }
  }

  /// Flat, one number a parameter.
  public Tensor diagonal(SymmetricMap map) {
    Tensor products = torch.zeros_like(map.layout().random(noise, seed, 0));
    Tensor squares = torch.zeros_like(products);
    for (int probe = 0; probe < probes; probe++) {
      try (PointerScope scope = new PointerScope()) {
        Tensor v = map.layout().random(noise, seed, probe);
        products.addcmul_(v, map.times(v));
        squares.addcmul_(v, v);
      }
    }
    return products.div_(squares);
  }
}
