package halftone.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.evidence.InputMoments;
import halftone.evidence.LayerEvidence;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundingLossTest {
  private static final int COLUMNS = 256;
  private static final int ROWS = 400;
  private static final WeightFormat FORMAT = (WeightFormat) NumberFormats.named("Q4_K");

  private static Tensor weight() {
    Random random = new Random(4);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(
        "w", Shape.of(COLUMNS, ROWS), NumberFormats.named("F32"), MemorySegment.ofArray(values));
  }

  private static InputMoments moments(boolean correlated) {
    float[] squares = new float[COLUMNS];
    float[] gram = new float[COLUMNS * COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      squares[i] = 10 * (1 + i % 4);
      gram[i * COLUMNS + i] = squares[i];
      if (correlated && i > 0) {
        gram[i * COLUMNS + i - 1] = 5;
        gram[(i - 1) * COLUMNS + i] = 5;
      }
    }
    return new InputMoments(COLUMNS, 10, squares, gram);
  }

  @Test
  void aSampleOfRowsEstimatesTheWholeTensor() {
    try (Workers workers = new LocalWorkers(2)) {
      double whole =
          new RoundingLoss(new WeightError(), ROWS)
              .measure(weight(), FORMAT, null, LayerEvidence.NONE, workers);
      double sampled =
          new RoundingLoss(new WeightError(), 80)
              .measure(weight(), FORMAT, null, LayerEvidence.NONE, workers);
      assertThat(sampled / whole).isCloseTo(1, within(0.05));
    }
  }

  @Test
  void withADiagonalGramEqualsTheImportanceWeightedError() {
    try (Workers workers = new LocalWorkers(2)) {
      double gram =
          new RoundingLoss(new GramError(), ROWS)
              .measure(weight(), FORMAT, null, LayerEvidence.of(moments(false)), workers);
      double importance =
          new RoundingLoss(new ImportanceError(), ROWS)
              .measure(weight(), FORMAT, null, LayerEvidence.of(moments(false)), workers);
      assertThat(gram / importance).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void theGramErrorIsTheExpectedSquaredChangeOfTheOutputs() {
    float[] errors = new float[COLUMNS];
    Arrays.fill(errors, 0, 2, 1);
    try (Workers workers = new LocalWorkers(1)) {
      double loss =
          new GramError().loss(errors, 1, COLUMNS, LayerEvidence.of(moments(true)), workers);
      // (e₀² · 10 + e₁² · 20 + 2 · e₀ e₁ · 5) / 10 tokens
      assertThat(loss).isCloseTo(4.0, within(1e-6));
    }
  }
}
