package halftone.recipe;

import halftone.evidence.GradientSource;
import halftone.method.Need;
import halftone.sensitivity.FirstOrderLoss;
import halftone.sensitivity.GramError;
import halftone.sensitivity.ImportanceError;
import halftone.sensitivity.KroneckerFisher;
import halftone.sensitivity.SensitivityMetric;
import org.jspecify.annotations.Nullable;

/// What formats are scored by, before measured swaps scale the scores.
///
/// @param gradients what differentiates the network; may be null only for a metric that needs none
public record Scoring(SensitivityMetric metric, @Nullable GradientSource gradients) {
  public Scoring {
    if (gradients == null && needsGradients(metric)) {
      throw new IllegalArgumentException(
          metric.card().id() + " needs something that differentiates networks");
    }
  }

  /// The metric of an effort that nobody chose another for.
  public static Scoring usual(Effort effort) {
    return new Scoring(effort.gptq() ? new GramError() : new ImportanceError(), null);
  }

  /// The metric called `importance`, `gram`, `kronecker` or `first-order`.
  ///
  /// @throws IllegalArgumentException for another name
  public static SensitivityMetric metric(String name) {
    return switch (name) {
      case "importance" -> new ImportanceError();
      case "gram" -> new GramError();
      case "kronecker" -> new KroneckerFisher();
      case "first-order" -> FirstOrderLoss.STANDARD;
      default ->
          throw new IllegalArgumentException(
              "sensitivity is importance, gram, kronecker or first-order, not '" + name + "'");
    };
  }

  /// Whether a metric is computed from gradients.
  public static boolean needsGradients(SensitivityMetric metric) {
    return metric.card().needs().contains(Need.GRADIENTS)
        || metric.card().needs().contains(Need.OUTPUT_GRADIENTS);
  }
}
