package halftone.transform;

import halftone.model.Model;
import java.util.List;

/// The factors of all sites of a rewrite as one row of numbers, site after site.
final class SiteFactors {
  private SiteFactors() {}

  static double[] joined(List<float[]> factors) {
    double[] all = new double[factors.stream().mapToInt(each -> each.length).sum()];
    int at = 0;
    for (float[] each : factors) {
      for (float factor : each) {
        all[at++] = factor;
      }
    }
    return all;
  }

  /// The network with the factors folded into its weights.
  ///
  /// @throws IllegalArgumentException when they are not as many as the sites have channels
  static Model fold(Model model, List<ScaleSite> sites, double[] all) {
    Folding folding = new Folding(model);
    int needed = sites.stream().mapToInt(ScaleSite::channels).sum();
    if (needed != all.length) {
      throw new IllegalArgumentException(
          "%d factors for sites of %d channels".formatted(all.length, needed));
    }
    int at = 0;
    for (ScaleSite site : sites) {
      float[] factors = new float[site.channels()];
      for (int j = 0; j < factors.length; j++) {
        factors[j] = (float) all[at++];
      }
      folding.scale(site, factors);
    }
    return folding.apply();
  }
}
