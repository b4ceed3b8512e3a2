package halftone.sensitivity;

import java.util.List;

/// The members of this room.
public final class SensitivityMetrics {
  public static final List<SensitivityMetric> ALL =
      List.of( //
          new WeightError(), //
          new ImportanceError(), //
          new GramError(), //
          new KroneckerFisher(), //
          FirstOrderLoss.STANDARD);

  private SensitivityMetrics() {}
}
