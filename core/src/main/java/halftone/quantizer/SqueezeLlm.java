package halftone.quantizer;

import halftone.method.Card;
import halftone.method.Need;
import halftone.parts.Composite;
import halftone.parts.Outliers;
import halftone.parts.RowTables;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/// SqueezeLLM (Kim et al., arXiv 2306.07629): a codebook for every row, the best k centres with the
/// squared gradients of single samples (the Fisher diagonal) as weights, and a few values kept
/// apart as sparse outliers, which the codebook then need not reach.
///
/// Centres are the exact minimum ([WeightedKMeans]), which the paper's code approaches from one
/// start. Where a weight has no gradients (the output product), mean squares of its inputs stand
/// for them.
///
/// @param sensitive share of values kept for their sensitivity
/// @param total share of values kept in all
public record SqueezeLlm(double sensitive, double total) implements PartsQuantizer {
  public SqueezeLlm {
    if (!(sensitive >= 0 && sensitive <= total && total < 1)) {
      throw new IllegalArgumentException(
          "of all values, sensitive %s and total %s are shares: 0 ≤ sensitive ≤ total < 1"
              .formatted(sensitive, total));
    }
  }

  public SqueezeLlm() {
    this(0.0005, 0.0045);
  }

  @Override
  public Card card() {
    return new Card(
        "squeezellm",
        "SqueezeLLM: codebooks by row, sparse outliers",
        "arXiv 2306.07629",
        Set.of(Need.CALIBRATION_TEXT, Need.GRADIENTS));
  }

  @Override
  public List<Integer> widths() {
    return List.of(2, 3, 4, 5, 6);
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    float[] fisher = fisher(name, whole, known, workers);
    BitSet apart = SparseSplit.of(whole.values(), fisher, sensitive, total);
    byte[] codes = new byte[whole.values().length];
    float[] tables = new float[whole.rows() << bits];
    workers.forEach(whole.rows(), row -> row(whole, fisher, apart, bits, row, codes, tables));
    RowTables dense = RowTables.of(whole.rows(), whole.columns(), bits, codes, tables);
    if (apart.isEmpty()) {
      return Composite.of(weight.shape(), dense);
    }
    return Composite.of(weight.shape(), dense, outliers(whole, apart, codes, tables, bits));
  }

  /// Σ_n g_n² of every weight.
  private float[] fisher(String name, WholeWeight weight, LayerKnowledge known, Workers workers) {
    if (known.gradients() != null) {
      return known.gradients().squares(workers);
    }
    float[] gram = known.requireGram(card().id(), name);
    int columns = weight.columns();
    float[] fisher = new float[weight.values().length];
    for (int i = 0; i < fisher.length; i++) {
      fisher[i] = gram[i % columns * (columns + 1)];
    }
    return fisher;
  }

  private static void row(
      WholeWeight weight,
      float[] fisher,
      BitSet apart,
      int bits,
      int row,
      byte[] codes,
      float[] tables) {
    int columns = weight.columns();
    int from = row * columns;
    float[] values = Arrays.copyOfRange(weight.values(), from, from + columns);
    float[] factors = Arrays.copyOfRange(fisher, from, from + columns);
    boolean known = false;
    for (int j = 0; j < columns; j++) {
      factors[j] = apart.get(from + j) ? 0 : factors[j];
      known |= factors[j] > 0;
    }
    for (int j = 0; j < columns && !known; j++) {
      factors[j] = apart.get(from + j) ? 0 : 1;
    }
    float[] centres = WeightedKMeans.centres(values, factors, 1 << bits);
    for (int k = 0; k < centres.length; k++) {
      centres[k] = Float.float16ToFloat(Float.floatToFloat16(centres[k]));
    }
    System.arraycopy(centres, 0, tables, row << bits, centres.length);
    for (int j = 0; j < columns; j++) {
      codes[from + j] = (byte) WeightedKMeans.nearest(centres, apart.get(from + j) ? 0 : values[j]);
    }
  }

  /// What the codes of the values kept apart, the centre nearest to 0, leave to them.
  private static Outliers outliers(
      WholeWeight weight, BitSet apart, byte[] codes, float[] tables, int bits) {
    int columns = weight.columns();
    int count = apart.cardinality();
    int[] starts = new int[weight.rows() + 1];
    int[] places = new int[count];
    short[] values = new short[count];
    int at = 0;
    for (int i = apart.nextSetBit(0); i >= 0; i = apart.nextSetBit(i + 1)) {
      int row = i / columns;
      float coded = tables[(row << bits) + codes[i]];
      places[at] = i % columns;
      values[at++] = Float.floatToFloat16(weight.values()[i] - coded);
      starts[row + 1] = at;
    }
    for (int row = 0; row < weight.rows(); row++) {
      starts[row + 1] = Math.max(starts[row], starts[row + 1]);
    }
    return new Outliers(weight.rows(), columns, starts, places, values);
  }
}
