package halftone.sensitivity;

import halftone.evidence.SpikeRatios;
import halftone.method.Card;
import halftone.method.Method;
import halftone.method.Need;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Spike-aware precision (Maisonnave et al., arXiv 2504.21553): layers whose inputs have tokens far
/// beyond the others keep 16 bits, all others get one coarse format. None may spike.
///
/// @param cut layers of a larger ratio of largest to median token spike
public record SpikeAware(double cut) implements Method {
  public SpikeAware() {
    this(SpikeRatios.CUT);
  }

  @Override
  public Card card() {
    return new Card(
        "spike-aware",
        "layers whose inputs spike keep 16 bits",
        "arXiv 2504.21553",
        Set.of(Need.CALIBRATION_TEXT));
  }

  /// The weights that are kept.
  ///
  /// @param ratios by weight; layers that share an input have the same
  public Set<String> spiking(Map<String, Double> ratios) {
    Set<String> spiking = new LinkedHashSet<>();
    ratios.forEach(
        (weight, ratio) -> {
          if (ratio > cut) {
            spiking.add(weight);
          }
        });
    return spiking;
  }
}
