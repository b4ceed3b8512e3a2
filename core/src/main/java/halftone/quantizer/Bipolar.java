package halftone.quantizer;

import halftone.method.Card;
import halftone.method.Need;
import halftone.numeric.ElementFormat;
import halftone.parts.BlockScales;
import halftone.parts.Composite;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.List;
import java.util.Set;

/// Bipolar integers (Ma et al., arXiv 2409.17870): every bit of a code counts plus or minus its
/// power of two, so that values are odd, symmetric and never zero, and products of such codes are
/// popcounts of bit planes. The scale of a group is the one of 80 with the least squared error.
///
/// @param group columns that share a scale
/// @param rounding how weights are rounded once scales are settled
public record Bipolar(int group, ElementChoice rounding) implements PartsQuantizer {
  private static final int TRIES = 80;
  private static final double LEAST_SHARE = 0.3;

  public Bipolar() {
    this(64, ElementChoice.FEEDBACK);
  }

  @Override
  public Card card() {
    return new Card(
        "bipolar",
        "bipolar integers",
        "arXiv 2409.17870",
        Set.of(Need.CALIBRATION_TEXT, Need.GRAM));
  }

  @Override
  public List<Integer> widths() {
    return List.of(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    ElementFormat element = ElementFormat.bipolar(bits);
    int groups = Math.ceilDiv(whole.columns(), group);
    float[] scales = new float[whole.rows() * groups];
    workers.forEach(
        whole.rows(),
        row -> {
          for (int g = 0; g < groups; g++) {
            int count = Math.min(group, whole.columns() - g * group);
            int at = row * whole.columns() + g * group;
            scales[row * groups + g] =
                searched(new GroupWeights(whole.values(), at, 1, count), element);
          }
        });
    return new ElementRounding(whole, group, element, BlockScales.halves(scales))
        .composite(rounding, card().id(), name, known, workers);
  }

  /// The scale of 30 to 100 % of the absolute maximum's with the least squared error.
  static float searched(GroupWeights w, ElementFormat element) {
    float largest = 0;
    for (int j = 0; j < w.count(); j++) {
      largest = Math.max(largest, Math.abs(w.get(j)));
    }
    float best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < TRIES; k++) {
      double share = 1 - (1 - LEAST_SHARE) * k / (TRIES - 1);
      float scale = (float) (share * largest / element.largest());
      double error = error(w, new ElementGrid(element, scale), least);
      if (error < least) {
        least = error;
        best = scale;
      }
    }
    return best;
  }

  private static double error(GroupWeights w, ElementGrid grid, double enough) {
    double sum = 0;
    for (int j = 0; j < w.count() && sum < enough; j++) {
      double e = grid.value(grid.code(w.get(j))) - w.get(j);
      sum += e * e;
    }
    return sum;
  }
}
