package halftone.quantizer;

import halftone.evidence.RowGradients;
import halftone.method.Card;
import halftone.method.Need;
import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import halftone.parts.Part;
import halftone.parts.SomeRows;
import halftone.tensor.Shape;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// MixLLM (Zheng et al., arXiv 2412.14590): output channels of all weights in one ranking by what
/// rounding them is estimated to cost; the first of them get twice the bits. Rows of each width go
/// through GPTQ with the weight's shared Gram matrix, the wide ones on a symmetric grid, the narrow
/// ones on one whose range is clipped where that helps the outputs.
///
/// The estimate is Σ_n |d + ½ d²| with d = ⟨g_n, δ⟩ for the gradients of single samples and the
/// rounding error δ of the row.
///
/// [#quantize(String, Weight, int, LayerKnowledge, Workers)] promotes the same share of every
/// weight's rows, which is what the global ranking is better than; the ranking over all weights is
/// its caller's.
///
/// @param group columns that share a scale
/// @param firstOrder whether d itself counts
/// @param share of the rows that are promoted where a weight stands alone
public record MixLlm(int group, boolean firstOrder, double share) implements PartsQuantizer {
  private static final int CLIPS = 11;
  private static final double CLIP_STEP = 0.02;

  public MixLlm() {
    this(64, true, 0.1);
  }

  @Override
  public Card card() {
    return new Card(
        "mixllm",
        "MixLLM: rows of two widths in one ranking",
        "arXiv 2412.14590",
        Set.of(Need.CALIBRATION_TEXT, Need.GRAM, Need.GRADIENTS));
  }

  @Override
  public List<Integer> widths() {
    return List.of(2, 3, 4);
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    double[] scores = scores(weight, bits, known.requireGradients(card().id(), name), workers);
    boolean[] isPromoted = new boolean[scores.length];
    IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble(row -> -scores[row]))
        .limit(Math.round(share * scores.length))
        .forEach(row -> isPromoted[row] = true);
    return quantize(name, weight, bits, isPromoted, known, workers);
  }

  /// The bits of promoted rows.
  public static int promoted(int bits) {
    return Math.min(8, 2 * bits);
  }

  /// What rounding each row to `bits` is estimated to cost.
  public double[] scores(Weight weight, int bits, RowGradients gradients, Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    int rows = whole.rows();
    int columns = whole.columns();
    if (gradients.rows() != rows) {
      throw new IllegalArgumentException(
          "gradients of %d of %d rows; MixLLM needs all".formatted(gradients.rows(), rows));
    }
    float[] errors = new float[rows * columns];
    workers.forEach(rows, row -> errors(whole, row, bits, errors));
    return gradients.changes(errors, firstOrder, false, workers);
  }

  /// ŵ − w of a row rounded to the nearest code.
  private void errors(WholeWeight weight, int row, int bits, float[] errors) {
    for (int from = 0; from < weight.columns(); from += group) {
      int count = Math.min(group, weight.columns() - from);
      GroupWeights w = new GroupWeights(weight.values(), row * weight.columns() + from, 1, count);
      GroupGrid grid = GroupGrid.minMax(w, bits);
      for (int j = 0; j < count; j++) {
        errors[row * weight.columns() + from + j] = grid.value(grid.code(w.get(j))) - w.get(j);
      }
    }
  }

  /// A weight with some rows in `bits` and the others, the promoted, in twice as many.
  public Composite quantize(
      String name,
      Weight weight,
      int bits,
      boolean[] isPromoted,
      LayerKnowledge known,
      Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    List<Part> parts = new ArrayList<>();
    for (boolean wide : new boolean[] {false, true}) {
      int[] rows =
          IntStream.range(0, whole.rows()).filter(row -> isPromoted[row] == wide).toArray();
      if (rows.length > 0) {
        int width = wide ? promoted(bits) : bits;
        GroupCodes codes = codes(name, chosen(whole, rows), width, wide, known, workers);
        parts.add(rows.length == whole.rows() ? codes : new SomeRows(whole.rows(), rows, codes));
      }
    }
    return new Composite(Shape.of(whole.columns(), whole.rows()), parts);
  }

  private GroupCodes codes(
      String name,
      WholeWeight weight,
      int bits,
      boolean symmetric,
      LayerKnowledge known,
      Workers workers) {
    byte[] widths = new byte[Math.ceilDiv(weight.columns(), group)];
    Arrays.fill(widths, (byte) bits);
    GroupGram gram = new GroupGram(known.requireGram(card().id(), name), weight.columns());
    GroupSweep.GridChooser chooser =
        (w, row, column, width) ->
            symmetric ? GroupGrid.symmetric(w, width) : clipped(w, width, gram, column);
    LdlFactor factor = known.requireFactor(card().id(), name);
    return GroupSweep.run(weight, group, widths, factor, chooser, workers).packed();
  }

  /// Of ranges of 80 to 100 %, the one that changes the group's part of the output least.
  private static GroupGrid clipped(GroupWeights w, int bits, GroupGram gram, int column) {
    float[] range = GroupGrid.range(w);
    GroupGrid best = GroupGrid.shrunk(range, 1, bits);
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < CLIPS; k++) {
      GroupGrid grid = GroupGrid.shrunk(range, (float) (1 - k * CLIP_STEP), bits);
      double error = gram.error(grid, w, column);
      if (error < least) {
        least = error;
        best = grid;
      }
    }
    return best;
  }

  private static WholeWeight chosen(WholeWeight weight, int[] rows) {
    float[] values = new float[rows.length * weight.columns()];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(
          weight.values(),
          rows[r] * weight.columns(),
          values,
          r * weight.columns(),
          weight.columns());
    }
    return new WholeWeight(rows.length, weight.columns(), values);
  }
}
