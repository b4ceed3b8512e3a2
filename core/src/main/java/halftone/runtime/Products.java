package halftone.runtime;

import halftone.kernel.Panels;
import halftone.kernel.VectorKernels;
import halftone.tensor.Tensor;
import halftone.workers.Workers;

/// How rows go through a weight. Every way gives the same bits.
@FunctionalInterface
interface Products {
  /// Decodes the weight each time: best for many rows, and needs no memory.
  Products DECODING = VectorKernels::multiply;

  /// @param out at least rows × outputs floats, overwritten
  void multiply(Panels rows, Tensor weight, float[] out, Workers workers);
}
