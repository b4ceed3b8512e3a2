package halftone.quantizer;

import halftone.numeric.ElementFormat;
import halftone.parts.BlockScales;
import halftone.parts.Composite;
import halftone.parts.ScaledElements;
import halftone.tensor.Shape;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Weights on the numbers of an element format, the scales of whose blocks are settled: the nearest
/// numbers, or those that error feedback under the inputs' Gram matrix chooses (GPTQ).
record ElementRounding(WholeWeight weight, int block, ElementFormat element, BlockScales scales) {
  private int blocks() {
    return Math.ceilDiv(weight.columns(), block);
  }

  private ElementGrid grid(int row, int column) {
    return new ElementGrid(element, scales.get(row * blocks() + column / block));
  }

  /// @param factor of the Gram matrix; null for the nearest numbers
  ScaledElements round(@Nullable LdlFactor factor, Workers workers) {
    byte[] widths = new byte[blocks()];
    Arrays.fill(widths, (byte) element.bits());
    GroupSweep.GridChooser settled = (w, row, column, bits) -> grid(row, column);
    GroupSweep sweep =
        factor == null
            ? GroupSweep.nearest(weight, block, widths, settled, workers)
            : GroupSweep.run(weight, block, widths, factor, settled, workers);
    return ScaledElements.of(
        weight.rows(), weight.columns(), block, element, sweep.codes(), scales);
  }

  /// The weight in one part.
  ///
  /// @param feedback whether GPTQ rounds
  /// @param method its id, and `name` the weight's, for the message where the Gram matrix is
  ///   missing
  Composite composite(
      boolean feedback, String method, String name, LayerKnowledge known, Workers workers) {
    LdlFactor factor = feedback ? known.requireFactor(method, name) : null;
    return Composite.of(Shape.of(weight.columns(), weight.rows()), round(factor, workers));
  }

  /// The one with the least error, the first of equal ones.
  ///
  /// @param meanSquares of the inputs
  static ElementRounding best(
      List<ElementRounding> candidates, float[] meanSquares, Workers workers) {
    ElementRounding best = candidates.getFirst();
    double least = Double.POSITIVE_INFINITY;
    for (ElementRounding each : candidates) {
      double error = candidates.size() == 1 ? 0 : each.error(meanSquares, workers);
      if (error < least) {
        least = error;
        best = each;
      }
    }
    return best;
  }

  /// Σ m_j (w − ŵ)² over all weights, m the mean square of input j; null counts all the same.
  double error(float @Nullable [] meanSquares, Workers workers) {
    double[] errors = new double[weight.rows()];
    workers.forEach(
        weight.rows(),
        row -> {
          for (int j = 0; j < weight.columns(); j++) {
            float w = weight.values()[row * weight.columns() + j];
            ElementGrid grid = grid(row, j);
            double e = grid.value(grid.code(w)) - w;
            errors[row] += e * e * (meanSquares == null ? 1 : meanSquares[j]);
          }
        });
    return Arrays.stream(errors).sum();
  }
}
