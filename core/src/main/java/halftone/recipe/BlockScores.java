package halftone.recipe;

import halftone.evidence.GradientSource;
import halftone.evidence.GradientTap;
import halftone.evidence.Labels;
import halftone.method.Need;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.BlockProbe;
import halftone.sensitivity.BlockRanking;
import halftone.sensitivity.Menu;
import halftone.store.Key;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Scores of whole blocks by a [BlockRanking], and what rounding a block alone really loses: what
/// scores are to agree with. Both are kept in the store.
final class BlockScores {
  /// Of the labels, which are the text's own.
  private static final long SEED = 0;

  private final Workshop shop;
  private final Samples samples;
  private final Yardstick onAllocation;

  BlockScores(Workshop shop, Samples samples, Yardstick onAllocation) {
    this.shop = shop;
    this.samples = samples;
    this.onAllocation = onAllocation;
  }

  /// @param gradients needed by some rankings
  double[] of(BlockRanking ranking, @Nullable GradientSource gradients) {
    Key key = key("block scores").with("ranking", ranking.toString()).key();
    if (!shop.memo().has(key)) {
      shop.progress().step(ranking.card().id(), shop.model().blocks().size());
      shop.memo().put(key, ranking.scores(new Probe(gradients)));
    }
    return shop.memo().numbers(key);
  }

  /// Mean KL divergence on the allocation text with one block alone in about four bits.
  double[] measured(SequencedMap<String, Menu> menus, Rounding rounding) {
    Key key = key("block losses").key();
    if (!shop.memo().has(key)) {
      int blocks = shop.model().blocks().size();
      shop.progress().step("blocks one by one", blocks);
      double[] losses = new double[blocks];
      for (int block = 0; block < blocks; block++) {
        Map<String, WeightFormat> formats = new LinkedHashMap<>();
        for (String name : Model.linears(shop.model().blocks().get(block))) {
          if (menus.containsKey(name)) {
            formats.put(name, Menus.middle(Objects.requireNonNull(menus.get(name))));
          }
        }
        losses[block] = onAllocation.score(rounding.encoded(formats), block).meanDivergence();
        shop.progress().done(1);
      }
      shop.memo().put(key, losses);
    }
    return shop.memo().numbers(key);
  }

  /// Σ s·e over the tensors: s a block's place in the ranking, e a tensor's squared error over the
  /// sum of squares of its block's weights. What lies outside the blocks counts as the block that
  /// needs most.
  ///
  /// @param errors squared error of every format on every menu
  static LossTable table(
      Model model,
      SequencedMap<String, Menu> menus,
      double[] scores,
      SequencedMap<String, double[]> errors) {
    double[] places = BlockRanking.ranks(scores);
    Map<String, Double> factors = new LinkedHashMap<>();
    for (int block = 0; block < places.length; block++) {
      List<String> names = new ArrayList<>(Model.linears(model.blocks().get(block)));
      names.retainAll(menus.keySet());
      double squares = names.stream().mapToDouble(name -> squares(menus, name)).sum();
      double factor = squares == 0 ? 0 : places[block] / squares;
      names.forEach(name -> factors.put(name, factor));
    }
    SequencedMap<String, double[]> losses = new LinkedHashMap<>();
    errors.forEach(
        (name, each) -> {
          double factor =
              Objects.requireNonNullElseGet(
                  factors.get(name), () -> 1 / Math.max(squares(menus, name), Double.MIN_NORMAL));
          double[] scaled = each.clone();
          for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
          }
          losses.put(name, scaled);
        });
    return new LossTable(losses);
  }

  private static double squares(SequencedMap<String, Menu> menus, String name) {
    var tensor = Objects.requireNonNull(menus.get(name)).tensor();
    int step = tensor.rowsAPiece();
    int columns = tensor.shape().columns();
    double sum = 0;
    for (long row = 0; row < tensor.shape().rows(); row += step) {
      int count = (int) Math.min(step, tensor.shape().rows() - row);
      float[] values = new float[count * columns];
      tensor.rows(row, count, values, 0);
      for (float value : values) {
        sum += (double) value * value;
      }
    }
    return sum;
  }

  private Key.Builder key(String kind) {
    return Key.of(kind)
        .with("model", shop.modelHash())
        .with("calibration", samples.calibration().sha256())
        .with("allocation", samples.allocation().sha256())
        .with("first scored", onAllocation.firstScored());
  }

  private final class Probe implements BlockProbe {
    private final @Nullable GradientSource gradients;

    Probe(@Nullable GradientSource gradients) {
      this.gradients = gradients;
    }

    @Override
    public Model model() {
      return shop.model();
    }

    @Override
    public int[][] tokens() {
      return samples.calibration().tokens();
    }

    @Override
    public Workers workers() {
      return shop.workers();
    }

    @Override
    public double meanKl(Model changed, int firstChanged) {
      return onAllocation.score(changed, firstChanged).meanDivergence();
    }

    @Override
    public void differentiate(GradientTap tap) {
      if (gradients == null) {
        throw new IllegalStateException(
            "a ranking of need " + Need.GRADIENTS + " was given nothing that differentiates");
      }
      gradients.differentiate(shop.model(), tokens(), Labels.NEXT_TOKEN, SEED, tap);
    }

    @Override
    public void done() {
      shop.progress().done(1);
    }
  }
}
