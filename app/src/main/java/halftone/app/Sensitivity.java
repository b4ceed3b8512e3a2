package halftone.app;

import halftone.evidence.GradientSource;
import halftone.recipe.Effort;
import halftone.recipe.Scoring;
import halftone.sensitivity.SensitivityMetric;
import halftone.torch.TorchGradients;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option `--sensitivity`: what formats are scored by.
final class Sensitivity {
  @Option(
      names = "--sensitivity",
      paramLabel = "METRIC",
      description =
          "What formats are scored by: importance (usual for fast), gram (usual for balanced), or, with gradients by"
              + " libtorch, kronecker or first-order.")
  private @Nullable String metric;

  /// @throws halftone.evidence.GradientsUnavailableException when the metric needs gradients and
  ///   libtorch does not load: found out now, not when the calibration text has been read
  Scoring scoring(Effort effort, int threads) {
    if (metric == null) {
      return Scoring.usual(effort);
    }
    return of(Scoring.metric(metric), threads);
  }

  /// A metric and what it needs.
  ///
  /// @throws halftone.evidence.GradientsUnavailableException when it needs gradients and libtorch
  ///   does not load
  static Scoring of(SensitivityMetric chosen, int threads) {
    if (!Scoring.needsGradients(chosen)) {
      return new Scoring(chosen, null);
    }
    return new Scoring(chosen, gradients(threads).get());
  }

  /// What differentiates networks, found out to be there when it is first asked for.
  static Supplier<GradientSource> gradients(int threads) {
    return new Supplier<>() {
      private @Nullable TorchGradients known;

      /// @throws halftone.evidence.GradientsUnavailableException when libtorch does not load
      @Override
      public GradientSource get() {
        TorchGradients gradients = known == null ? new TorchGradients(threads) : known;
        gradients.requireAvailable();
        known = gradients;
        return gradients;
      }
    };
  }
}
