package halftone.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.evidence.LayerEvidence;
import halftone.evidence.RowGradients;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class FirstOrderLossTest {
  private static final Workers WORKERS = new LocalWorkers(1);

  /// Two samples of two rows of three columns.
  private static final float[] GRADIENTS = {1, 2, 3, -1, 0, 1, 0, 0, 2, 4, 4, 0};

  private static final float[] ERRORS = {1, 0, -1, 0.5f, 0.5f, 0};

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static RowGradients gradients() {
    return new RowGradients(
        2,
        2,
        new Tensor(
            "g", Shape.of(3, 4), NumberFormats.named("F32"), MemorySegment.ofArray(GRADIENTS)));
  }

  private static double[] rows(FirstOrderLoss metric) {
    return gradients().changes(ERRORS, metric.firstOrder(), metric.diagonal(), WORKERS);
  }

  @Test
  void rowsAreSummedOverSamplesAsThePaperWritesThem() {
    // d = −2 and −2 in the first row, −0.5 and 4 in the second.
    assertThat(rows(FirstOrderLoss.STANDARD)).containsExactly(0, 0.375 + 12);
    assertThat(rows(new FirstOrderLoss(false, false))).containsExactly(4, 0.125 + 8);
  }

  @Test
  void theDiagonalFormSquaresTermByTerm() {
    assertThat(rows(new FirstOrderLoss(false, true)))
        .containsExactly((1 + 9) / 2.0 + 4 / 2.0, 0.25 / 2 + (4 + 4) / 2.0);
  }

  @Test
  void theLossOfALayerIsTheMeanOverSamples() {
    LayerEvidence layer = new LayerEvidence(null, null, gradients());
    assertThat(FirstOrderLoss.STANDARD.loss(ERRORS, 2, 3, layer, WORKERS))
        .isCloseTo(12.375 / 2, within(1e-12));
  }

  @Test
  void refusesGradientsOfOtherRows() {
    LayerEvidence layer = new LayerEvidence(null, null, gradients());
    assertThatThrownBy(() -> FirstOrderLoss.STANDARD.loss(new float[9], 3, 3, layer, WORKERS))
        .hasMessageContaining("3×3 weights for gradients of 2 rows of 3");
  }
}
