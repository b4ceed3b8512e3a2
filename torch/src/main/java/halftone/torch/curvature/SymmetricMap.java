package halftone.torch.curvature;

import org.bytedeco.pytorch.Tensor;

/// A symmetric matrix that is known by its products with vectors: a Hessian, a Gauss–Newton matrix,
/// or one written out.
public interface SymmetricMap {
  Layout layout();

  /// The product with a flat vector, which belongs to the pointer scope around the call.
  ///
  /// @throws IllegalArgumentException when the vector has another shape
  Tensor times(Tensor v);
}
