package halftone.quantizer;

import halftone.method.Card;
import halftone.method.Need;
import halftone.parts.Composite;
import halftone.parts.LowRank;
import halftone.parts.Part;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// LoRC (Yao et al., arXiv 2303.08302): the rounding error of another method, to a few ranks, as a
/// product of two thin matrices in bytes that is added back.
///
/// Aware of activations it minimizes ‖(E − A·B)·X‖ instead of ‖E − A·B‖: with the inputs' Gram
/// matrix H = U·D·Uᵀ it takes the singular vectors of E·U·D^½ and undoes the factor in B.
///
/// @param base what rounds first
/// @param rank columns of A
/// @param aware whether errors count as the inputs see them
public record LowRankCompensation(PartsQuantizer base, int rank, boolean aware)
    implements PartsQuantizer {
  private static final int POWER_ITERATIONS = 2;

  /// Rank 8 on GPTQ, aware.
  public LowRankCompensation() {
    this(new GroupGptq(), 8, true);
  }

  @Override
  public Card card() {
    return new Card(
        "lorc",
        "low-rank compensation of the rounding error",
        "arXiv 2303.08302",
        Set.of(Need.CALIBRATION_TEXT, Need.GRAM));
  }

  @Override
  public List<Integer> widths() {
    return base.widths();
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    Composite rounded = base.quantize(name, weight, bits, known, workers);
    WholeWeight error = WholeWeight.of(weight);
    float[] row = new float[error.columns()];
    for (int r = 0; r < error.rows(); r++) {
      rounded.rows(r, 1, row, 0);
      for (int j = 0; j < row.length; j++) {
        error.values()[r * row.length + j] -= row[j];
      }
    }
    LdlFactor factor = aware ? known.requireFactor(card().id(), name) : null;
    List<Part> parts = new ArrayList<>(rounded.parts());
    parts.add(factor == null ? plain(error, workers) : aware(error, factor, workers));
    return new Composite(weight.shape(), parts);
  }

  private LowRank plain(WholeWeight error, Workers workers) {
    TruncatedSvd svd = svd(error, error.values(), workers);
    return product(error, svd.left(), svd.right());
  }

  private LowRank aware(WholeWeight error, LdlFactor factor, Workers workers) {
    GramRoot root = new GramRoot(factor);
    TruncatedSvd svd = svd(error, root.times(error.values(), error.rows(), workers), workers);
    return product(error, svd.left(), root.over(svd.right(), svd.right().length / error.columns()));
  }

  private TruncatedSvd svd(WholeWeight error, float[] matrix, Workers workers) {
    return TruncatedSvd.of(matrix, error.rows(), error.columns(), rank, POWER_ITERATIONS, workers);
  }

  private static LowRank product(WholeWeight error, float[] left, float[] right) {
    int ranks = right.length / error.columns();
    return LowRank.of(error.rows(), error.columns(), ranks, left, right);
  }
}
