package halftone.quantizer;

import halftone.numeric.ElementFormat;
import halftone.parts.BlockScales;
import halftone.parts.Composite;
import halftone.parts.ScaledElements;
import halftone.tensor.Shape;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Weights on the numbers of an element format, the scales of whose blocks are settled: the nearest
/// numbers, or those that GPTQ or learned rounding choose under the inputs' Gram matrix.
record ElementRounding(WholeWeight weight, int block, ElementFormat element, BlockScales scales) {
  private int blocks() {
    return Math.ceilDiv(weight.columns(), block);
  }

  private ElementGrid grid(int row, int column) {
    return new ElementGrid(element, scales.get(row * blocks() + column / block));
  }

  /// @param factor of the Gram matrix; null where the choice asks for none
  ScaledElements round(ElementChoice choice, @Nullable LdlFactor factor, Workers workers) {
    byte[] widths = new byte[blocks()];
    Arrays.fill(widths, (byte) element.bits());
    GroupSweep.GridChooser settled = (w, row, column, bits) -> grid(row, column);
    byte[] codes =
        switch (choice) {
          case NEAREST -> GroupSweep.nearest(weight, block, widths, settled, workers).codes();
          case FEEDBACK ->
              GroupSweep.run(weight, block, widths, required(factor), settled, workers).codes();
          case LEARNED -> learned(required(factor).product(), workers);
        };
    return ScaledElements.of(weight.rows(), weight.columns(), block, element, codes, scales);
  }

  private static LdlFactor required(@Nullable LdlFactor factor) {
    return Objects.requireNonNull(factor, "the Gram matrix");
  }

  /// Some rows at a time.
  private byte[] learned(float[] gram, Workers workers) {
    int columns = weight.columns();
    byte[] codes = new byte[weight.values().length];
    for (int first = 0; first < weight.rows(); first += AdaRound.ROWS) {
      int from = first * columns;
      int to = Math.min(weight.rows(), first + AdaRound.ROWS) * columns;
      float[] targets = Arrays.copyOfRange(weight.values(), from, to);
      float[] low = new float[targets.length];
      float[] high = new float[targets.length];
      for (int i = 0; i < targets.length; i++) {
        ElementGrid grid = grid((from + i) / columns, (from + i) % columns);
        low[i] = grid.below(targets[i]);
        high[i] = grid.above(targets[i]);
      }
      float[] chosen =
          new LearnedRounding(new AdaRound(), targets, new Neighbours(low, high), gram, columns)
              .run(workers);
      for (int i = 0; i < chosen.length; i++) {
        codes[from + i] = (byte) grid((from + i) / columns, (from + i) % columns).code(chosen[i]);
      }
    }
    return codes;
  }

  /// The weight in one part.
  ///
  /// @param method its id, and `name` the weight's, for the message where the Gram matrix is
  ///   missing
  Composite composite(
      ElementChoice choice, String method, String name, LayerKnowledge known, Workers workers) {
    LdlFactor factor = choice == ElementChoice.NEAREST ? null : known.requireFactor(method, name);
    return Composite.of(Shape.of(weight.columns(), weight.rows()), round(choice, factor, workers));
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
