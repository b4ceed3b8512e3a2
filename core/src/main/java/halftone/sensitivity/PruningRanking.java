package halftone.sensitivity;

import halftone.method.Card;
import halftone.method.Need;
import halftone.model.Model;
import halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// PMPQ: a block that loses more when its smallest weights are set to zero needs more bits. The
/// score is the area under the loss by sparsity, from none to the last.
///
/// @param sparsities shares of every weight matrix that are set to zero, rising
public record PruningRanking(List<Double> sparsities) implements BlockRanking {
  /// Reconstructed from the paper.
  public static final PruningRanking STANDARD = new PruningRanking(List.of(0.1, 0.3, 0.5, 0.7));

  public PruningRanking {
    sparsities = List.copyOf(sparsities);
  }

  @Override
  public Card card() {
    return new Card(
        "pmpq",
        "blocks by what pruning them loses",
        "arXiv 2412.03599",
        Set.of(Need.ALLOCATION_TEXT, Need.REFERENCE_LOGITS));
  }

  @Override
  public double[] scores(BlockProbe probe) {
    double[] scores = new double[probe.model().blocks().size()];
    for (int block = 0; block < scores.length; block++) {
      scores[block] = area(losses(probe, block));
      probe.done();
    }
    return scores;
  }

  /// Mean KL divergence at every sparsity, of a block pruned alone.
  double[] losses(BlockProbe probe, int block) {
    Model model = probe.model();
    List<Tensor> weights =
        Model.linears(model.blocks().get(block)).stream()
            .map(name -> Objects.requireNonNull(model.tensors().get(name)))
            .toList();
    return sparsities.stream()
        .mapToDouble(
            sparsity -> {
              List<Tensor> pruned = probe.workers().map(weights, each -> pruned(each, sparsity));
              return probe.meanKl(model.with(pruned), block);
            })
        .toArray();
  }

  /// By trapezoids, nothing lost where nothing is pruned.
  private double area(double[] losses) {
    double area = 0;
    double before = 0;
    double lossBefore = 0;
    for (int i = 0; i < losses.length; i++) {
      area += (sparsities.get(i) - before) * (losses[i] + lossBefore) / 2;
      before = sparsities.get(i);
      lossBefore = losses[i];
    }
    return area;
  }

  /// The matrix with this share of its entries zero: those of least magnitude, the first ones of
  /// equals.
  static Tensor pruned(Tensor weight, double sparsity) {
    int count = Math.toIntExact(weight.shape().elements());
    float[] values = new float[count];
    weight.rows(0, Math.toIntExact(weight.shape().rows()), values, 0);
    float[] sizes = new float[count];
    for (int i = 0; i < count; i++) {
      sizes[i] = Math.abs(values[i]);
    }
    Arrays.sort(sizes);
    int dropped = (int) Math.round(sparsity * count);
    if (dropped > 0) {
      float threshold = sizes[dropped - 1];
      int equals = 0;
      for (int i = dropped - 1; i >= 0 && sizes[i] == threshold; i--) {
        equals++;
      }
      for (int i = 0; i < count; i++) {
        float size = Math.abs(values[i]);
        if (size < threshold || size == threshold && equals-- > 0) {
          values[i] = 0;
        }
      }
    }
    return Tensor.ofFloats(weight.name(), weight.shape(), values);
  }
}
