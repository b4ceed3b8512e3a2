package halftone.torch.curvature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/// The trace of a matrix from products with random vectors: E vᵀHv = tr H (Hutchinson 1990). With
/// −1 and 1 a probe's variance is 2 (‖H‖² − Σ H_ii²), with Gaussian ones 2 ‖H‖².
///
/// @param most probes at most
/// @param fewest probes before a small error ends the search
/// @param tolerance standard error over |mean| that ends it
public record Hutchinson(Layout.Noise noise, long seed, int most, int fewest, double tolerance) {
  public Hutchinson {
    if (most < 1) {
      throw new IllegalArgumentException("a trace from no probes");
    }
  }

  /// Until the standard error is 5 % of the mean, 16 to 100 probes.
  public static Hutchinson standard(long seed) {
    return new Hutchinson(Layout.Noise.RADEMACHER, seed, 100, 16, 0.05);
  }

  /// A mean of probes.
  ///
  /// @param error its standard error; NaN of a single probe
  public record Estimate(double mean, double error, int probes) {
    static Estimate of(List<Double> samples) {
      double mean = samples.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      double squares =
          samples.stream().mapToDouble(sample -> (sample - mean) * (sample - mean)).sum();
      int count = samples.size();
      return new Estimate(mean, Math.sqrt(squares / (count - 1) / count), count);
    }
  }

  /// @param samples vᵀHv of each probe
  /// @param blocks traces of the diagonal blocks, from the same probes: v_lᵀ (Hv)_l
  public record Trace(
      Estimate total, SequencedMap<String, Estimate> blocks, List<Double> samples) {}

  public Trace trace(SymmetricMap map) {
    List<Double> samples = new ArrayList<>();
    SequencedMap<String, List<Double>> byBlock = new LinkedHashMap<>();
    for (int probe = 0; probe < most; probe++) {
      try (PointerScope scope = new PointerScope()) {
        Tensor v = map.layout().random(noise, seed, probe);
        SequencedMap<String, Double> dots = map.layout().dots(v, map.times(v));
        dots.forEach(
            (name, dot) -> byBlock.computeIfAbsent(name, key -> new ArrayList<>()).add(dot));
        samples.add(dots.values().stream().mapToDouble(Double::doubleValue).sum());
      }
      Estimate now = Estimate.of(samples);
      if (now.probes() >= fewest && now.error() <= tolerance * Math.abs(now.mean())) {
        break;
      }
    }
    SequencedMap<String, Estimate> blocks = new LinkedHashMap<>();
    byBlock.forEach((name, dots) -> blocks.put(name, Estimate.of(dots)));
    return new Trace(Estimate.of(samples), blocks, samples);
  }
}
