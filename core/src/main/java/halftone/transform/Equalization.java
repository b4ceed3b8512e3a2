package halftone.transform;

import halftone.method.Card;
import halftone.model.Model;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Cross-layer weight equalization (Nagel et al., arXiv 1906.04721; as Brevitas has it, arXiv
/// 2311.12359): between two linear layers with nothing but an element-wise product between them,
/// channel for channel, until the rows of the one and the columns of the other are equally large.
///
/// r = range2^(1 − α) / range1^α multiplies the first layer's rows and divides the second's
/// columns; channels with a range of at most 10⁻⁹ are left alone. With α = ½ one pass reaches r =
/// 1.
///
/// @param alpha which side the range moves to
public record Equalization(double alpha) implements Transform {
  private static final int PASSES = 20;
  private static final double CLOSE = 0.05;
  private static final double DEAD = 1e-9;

  public Equalization() {
    this(0.5);
  }

  @Override
  public String spelled() {
    return "equalization:alpha=" + alpha;
  }

  @Override
  public Card card() {
    return new Card(
        "equalization",
        "cross-layer weight equalization",
        "arXiv 1906.04721, 2311.12359",
        Set.of());
  }

  @Override
  public double[] measure(Model model, int[][] tokens, Workers workers) {
    List<ScaleSite> sites = sites(model);
    if (sites.isEmpty()) {
      throw new IllegalArgumentException(
          "no two linear layers of this network follow each other without a norm between them");
    }
    float[][] factors = new float[sites.size()][];
    workers.forEach(factors.length, i -> factors[i] = factors(model, sites.get(i)));
    return SiteFactors.joined(List.of(factors));
  }

  @Override
  public Model apply(Model model, double[] measured) {
    return SiteFactors.fold(model, sites(model), measured);
  }

  private static List<ScaleSite> sites(Model model) {
    List<ScaleSite> sites = new ArrayList<>(ScaleSites.of(model));
    sites.removeIf(site -> site.maker() instanceof ScaleSite.Maker.Gain);
    return sites;
  }

  /// What a site's channels are divided by: 1/r.
  private float[] factors(Model model, ScaleSite site) {
    float[] first = rowRanges(model, site);
    float[] second = ColumnRanges.of(model, site);
    float[] factors = new float[first.length];
    for (int j = 0; j < factors.length; j++) {
      factors[j] = first[j] <= DEAD || second[j] <= DEAD ? 1 : factor(first[j], second[j]);
    }
    return factors;
  }

  private float factor(double first, double second) {
    double all = 1;
    for (int pass = 0; pass < PASSES; pass++) {
      double r = Math.pow(second / all, 1 - alpha) / Math.pow(first * all, alpha);
      all *= r;
      if (Math.abs(1 - r) < CLOSE) {
        break;
      }
    }
    return (float) (1 / all);
  }

  private static float[] rowRanges(Model model, ScaleSite site) {
    String name;
    int from;
    switch (site.maker()) {
      case ScaleSite.Maker.Rows rows -> {
        name = rows.weight();
        from = rows.first();
      }
      case ScaleSite.Maker.Heads heads -> {
        name = heads.weight();
        from = heads.first();
      }
      case ScaleSite.Maker.Gain gain ->
          throw new IllegalArgumentException("the gain " + gain.tensor() + " has no rows");
    }
    Tensor weight = Objects.requireNonNull(model.tensors().get(name));
    float[] ranges = new float[site.channels()];
    float[] row = new float[weight.shape().columns()];
    for (int j = 0; j < ranges.length; j++) {
      weight.rows(from + j, 1, row, 0);
      for (float value : row) {
        ranges[j] = Math.max(ranges[j], Math.abs(value));
      }
    }
    return ranges;
  }
}
