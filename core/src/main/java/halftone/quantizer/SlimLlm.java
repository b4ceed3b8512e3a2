package halftone.quantizer;

import halftone.method.Card;
import halftone.method.Need;
import halftone.parts.Composite;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/// SliM-LLM (Huang et al., arXiv 2405.14917): of the column groups of a weight, the most salient
/// get one bit more and as many of the least salient one bit less; how many, the divergence of the
/// layer's outputs decides ([SalientGroups]). Then GPTQ, with each group's range searched around
/// the extreme weights, salient ones counting `salience` times.
///
/// Salience is w² · D_j with D the pivots of the inputs' Gram matrix, which is w² / [H⁻¹]_jj as
/// GPTQ meets the column. A weight of fewer than four groups has one width.
///
/// @param group columns that share a scale
/// @param salience λ: weight of salient errors in the range search
public record SlimLlm(int group, double salience) implements PartsQuantizer {
  private static final double OUTLYING = 2;
  private static final double STEP = 0.002;
  private static final int STEPS = 50;
  private static final double POWER = 2.4;

  public SlimLlm() {
    this(64, 1);
  }

  @Override
  public Card card() {
    return new Card(
        "slim-llm",
        "SliM-LLM: column groups of three widths",
        "arXiv 2405.14917",
        Set.of(Need.CALIBRATION_TEXT, Need.GRAM));
  }

  /// The mean; groups have one more and one less.
  @Override
  public List<Integer> widths() {
    return List.of(2, 3, 4, 5, 6);
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    LdlFactor factor = known.requireFactor(card().id(), name);
    float[] sample = known.requireSample(card().id(), name);
    byte[] widths = SalientGroups.widths(whole, group, bits, factor, sample, workers);
    BitSet salient = salient(whole, factor);
    GroupSweep.GridChooser chooser =
        (w, row, column, width) -> searched(w, width, salient, row * whole.columns() + column);
    return Composite.of(
        weight.shape(), GroupSweep.run(whole, group, widths, factor, chooser, workers).packed());
  }

  /// Weights whose salience lies two standard deviations from their group's mean, over all rows.
  private BitSet salient(WholeWeight weight, LdlFactor factor) {
    BitSet salient = new BitSet(weight.values().length);
    for (int from = 0; from < weight.columns(); from += group) {
      int to = Math.min(weight.columns(), from + group);
      double sum = 0;
      double squares = 0;
      for (int row = 0; row < weight.rows(); row++) {
        for (int j = from; j < to; j++) {
          double each = salience(weight, factor, row, j);
          sum += each;
          squares += each * each;
        }
      }
      double count = (double) weight.rows() * (to - from);
      double mean = sum / count;
      double deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
      for (int row = 0; row < weight.rows() && deviation > 0; row++) {
        for (int j = from; j < to; j++) {
          if (Math.abs(salience(weight, factor, row, j) - mean) > OUTLYING * deviation) {
            salient.set(row * weight.columns() + j);
          }
        }
      }
    }
    return salient;
  }

  static double salience(WholeWeight weight, LdlFactor factor, int row, int column) {
    double w = weight.values()[row * weight.columns() + column];
    return w * w * factor.pivot(column);
  }

  private GroupGrid searched(GroupWeights w, int bits, BitSet salient, int at) {
    if (bits == 1) {
      return GroupGrid.twoLevels(w);
    }
    float[] range = GroupGrid.range(w);
    GroupGrid best = GroupGrid.shrunk(range, 1, bits);
    double least = error(best, w, salient, at, Double.POSITIVE_INFINITY);
    for (int k = -STEPS; k <= STEPS; k++) {
      GroupGrid grid = GroupGrid.shrunk(range, (float) (1 + k * STEP), bits);
      double error = error(grid, w, salient, at, least);
      if (error < least) {
        least = error;
        best = grid;
      }
    }
    return best;
  }

  /// The error, or some number from `enough` on.
  private double error(GroupGrid grid, GroupWeights w, BitSet salient, int at, double enough) {
    double sum = 0;
    for (int j = 0; j < w.count() && sum < enough; j++) {
      double e = Math.pow(Math.abs(grid.value(grid.code(w.get(j))) - w.get(j)), POWER);
      sum += salient.get(at + j) ? salience * e : e;
    }
    return sum;
  }
}
