package halftone.bench;

import halftone.numeric.FittedRows;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// A panel of weights, as the quantizers encode them, and a format to write it in: every one of
/// them, unless `-p format=Q4_K` chooses.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets `format` and calls `find` first
public class SampleRows {
  static final int ROWS = 64;
  static final int COLUMNS = 768;
  static final int WEIGHTS = ROWS * COLUMNS;

  @Param({
    "F32", "F16", "BF16", "Q1_0", "Q2_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K",
    "Q4_K", "Q5_K", "Q6_K", "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S",
        "IQ4_NL", "IQ4_XS",
    "TQ1_0", "TQ2_0", "MXFP4", "NVFP4"
  })
  public String format;

  private final float[] weights = RandomFloats.normal(WEIGHTS, 0.02, 1);
  private final float[] importance = RandomFloats.importance(COLUMNS, 2);
  private WeightFormat found;

  /// Also builds what the format builds on first use, so that no benchmark times it.
  @Setup
  public void find() {
    found = (WeightFormat) NumberFormats.named(format);
    found.fit(weights, 0, 1, COLUMNS, importance);
  }

  WeightFormat found() {
    return found;
  }

  FittedRows fit() {
    return found.fit(weights, 0, ROWS, COLUMNS, importance);
  }
}
