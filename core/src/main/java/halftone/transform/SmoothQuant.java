package halftone.transform;

import halftone.method.Card;
import halftone.method.Need;
import halftone.model.Model;
import halftone.workers.Workers;
import java.util.List;
import java.util.Set;

/// SmoothQuant (Xiao et al., arXiv 2211.10438): divides the channels of a layer's input by s_j =
/// A_j^α / w_j^(1 − α), A_j the largest magnitude of the channel on the calibration text, w_j that
/// of the weights' columns, so that outliers move from what is rounded with one scale for many
/// values into weights, which have many scales.
///
/// Channels that the text never moved, or no weight reads, keep s = 1: the paper's clamp would
/// divide the gain by 10⁻⁵.
///
/// @param alpha how much of the outliers moves: 0 levels the weights, 1 the activations
/// @param everywhere false for the paper's sites, the outputs of norms; true for the gated product
///   and the mixed values of attention as well
public record SmoothQuant(double alpha, boolean everywhere) implements Transform {
  public SmoothQuant {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException("alpha is between 0 and 1, not " + alpha);
    }
  }

  /// α = ½ at the paper's sites.
  public SmoothQuant() {
    this(0.5, false);
  }

  @Override
  public String spelled() {
    return "smoothquant:alpha=%s:everywhere=%s".formatted(alpha, everywhere);
  }

  @Override
  public Card card() {
    return new Card(
        "smoothquant", "SmoothQuant", "arXiv 2211.10438", Set.of(Need.CALIBRATION_TEXT));
  }

  @Override
  public double[] measure(Model model, int[][] tokens, Workers workers) {
    List<ScaleSite> sites = sites(model);
    if (sites.isEmpty()) {
      throw new IllegalArgumentException(
          "SmoothQuant finds no norm that only linear layers read in this network");
    }
    ChannelStatistics statistics = ChannelStatistics.gather(model, tokens, workers);
    float[][] factors = new float[sites.size()][];
    workers.forEach(
        factors.length,
        i -> {
          ScaleSite site = sites.get(i);
          float[] largest = site.gathered(statistics.largest(site.readers().getFirst()));
          factors[i] = factors(largest, ColumnRanges.of(model, site));
        });
    return SiteFactors.joined(List.of(factors));
  }

  @Override
  public Model apply(Model model, double[] measured) {
    return SiteFactors.fold(model, sites(model), measured);
  }

  private List<ScaleSite> sites(Model model) {
    return ScaleSites.of(model).stream()
        .filter(site -> everywhere || site.maker() instanceof ScaleSite.Maker.Gain)
        .toList();
  }

  /// @param activations the largest magnitude of each channel of the input
  /// @param weights that of each channel's columns
  float[] factors(float[] activations, float[] weights) {
    float[] factors = new float[activations.length];
    for (int j = 0; j < factors.length; j++) {
      boolean dead = activations[j] == 0 || weights[j] == 0;
      factors[j] =
          dead ? 1 : (float) (Math.pow(activations[j], alpha) / Math.pow(weights[j], 1 - alpha));
    }
    return factors;
  }
}
