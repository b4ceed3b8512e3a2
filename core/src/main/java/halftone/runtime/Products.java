package halftone.runtime;

import halftone.kernel.VectorKernels;
import halftone.kernel.integer.PanelWeight;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;

/// How rows go through a weight. Every way gives the same bits.
@FunctionalInterface
interface Products {
  /// Decodes or packs the weight each time: best for many rows, and needs little memory.
  Products DECODING =
      (rows, weight, out, workers) -> {
        switch (rows) {
          case PackedRows.Floats floats ->
              VectorKernels.multiply(floats.panels(), weight, out, workers);
          case PackedRows.Integers integers -> {
            try (Arena arena = Arena.ofShared()) {
              PanelWeight.of(weight, arena, workers).multiply(integers.rows(), out, workers);
            }
          }
        }
      };

  /// @param out at least rows × outputs floats, overwritten
  void multiply(PackedRows rows, Tensor weight, float[] out, Workers workers);
}
