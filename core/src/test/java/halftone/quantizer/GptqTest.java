package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GptqTest {
  private static final int COLUMNS = 256;
  private static final int ROWS = 80;
  private static final Workers WORKERS = new LocalWorkers(2);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static Tensor weight(long seed) {
    Random random = new Random(seed);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.05 * random.nextGaussian());
    }
    return new Tensor(
        "w", Shape.of(COLUMNS, ROWS), NumberFormats.named("F32"), MemorySegment.ofArray(values));
  }

  /// Inputs that lie near a space of 32 dimensions, as those of a trained layer do.
  private static float[] gram() {
    Random random = new Random(9);
    float[] mixing = new float[32 * COLUMNS];
    for (int i = 0; i < mixing.length; i++) {
      mixing[i] = (float) random.nextGaussian();
    }
    float[] gram = new float[COLUMNS * COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        float sum = i == j ? 2 : 0;
        for (int k = 0; k < 32; k++) {
          sum += mixing[k * COLUMNS + i] * mixing[k * COLUMNS + j];
        }
        gram[i * COLUMNS + j] = sum;
      }
    }
    return gram;
  }

  private static WeightFormat format(String id) {
    return (WeightFormat) NumberFormats.named(id);
  }

  private static float[] ones() {
    float[] importance = new float[COLUMNS];
    java.util.Arrays.fill(importance, 1);
    return importance;
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.bytes().toArray(ValueLayout.JAVA_BYTE);
  }

  /// tr(E A Eᵀ).
  private static double loss(Tensor quantized, Tensor original, float[] gram) {
    float[] error = new float[ROWS * COLUMNS];
    float[] exact = new float[ROWS * COLUMNS];
    quantized.rows(0, ROWS, error, 0);
    original.rows(0, ROWS, exact, 0);
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < COLUMNS; i++) {
        double e = error[row * COLUMNS + i] - exact[row * COLUMNS + i];
        for (int j = 0; j < COLUMNS; j++) {
          sum += e * gram[i * COLUMNS + j] * (error[row * COLUMNS + j] - exact[row * COLUMNS + j]);
        }
      }
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Q4_0", "Q4_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4",
        "IQ3_S", "IQ3_XXS", "IQ2_S", "IQ2_XXS"
      })
  void withUncorrelatedInputsGivesRoundToNearestsBytes(String id) {
    float[] identity = new float[COLUMNS * COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      identity[i * COLUMNS + i] = 1 + i % 3;
    }
    LayerInputs inputs =
        new LayerInputs(ones(), new Gptq().factor(identity, COLUMNS, WORKERS), null);
    Tensor weight = weight(1);
    Tensor swept = new Gptq().quantize("w", weight, format(id), inputs, WORKERS);
    Tensor nearest = new RoundToNearest().quantize("w", weight, format(id), inputs, WORKERS);
    assertThat(bytes(swept)).isEqualTo(bytes(nearest));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Q4_K", "IQ4_XS", "IQ3_S", "IQ2_S", "Q2_K"})
  void withCorrelatedInputsLosesLessThanRoundToNearest(String id) {
    float[] gram = gram();
    LayerInputs inputs = new LayerInputs(ones(), new Gptq().factor(gram, COLUMNS, WORKERS), null);
    Tensor weight = weight(2);
    Tensor swept = new Gptq().quantize("w", weight, format(id), inputs, WORKERS);
    Tensor nearest = new RoundToNearest().quantize("w", weight, format(id), inputs, WORKERS);
    assertThat(loss(swept, weight, gram)).isLessThan(0.7 * loss(nearest, weight, gram));
  }

  @Test
  void threadsDoNotChangeTheBytes() {
    float[] gram = gram();
    LayerInputs inputs = new LayerInputs(ones(), new Gptq().factor(gram, COLUMNS, WORKERS), null);
    try (Workers one = new LocalWorkers(1)) {
      Tensor alone = new Gptq().quantize("w", weight(3), format("IQ3_S"), inputs, one);
      Tensor together = new Gptq().quantize("w", weight(3), format("IQ3_S"), inputs, WORKERS);
      assertThat(bytes(alone)).isEqualTo(bytes(together));
    }
  }

  @Test
  void unshiftedInputsNeedNoCorrection() {
    float[] gram = gram();
    LdlFactor factor = new Gptq().factor(gram, COLUMNS, WORKERS);
    assertThat(InputShift.of(gram, gram, factor, 0.5, WORKERS)).containsOnly(0f);
  }

  @Test
  void fullyShiftedAimIsTheLeastSquaresAnswer() {
    // Inputs scaled by one half: V X/2 = W X asks for V = 2 W, so the shift is the identity matrix.
    float[] gram = LdlFactorTest.correlatedGram(COLUMNS, 8 * COLUMNS, 5);
    float[] halved = new float[gram.length];
    float[] cross = new float[gram.length];
    for (int i = 0; i < gram.length; i++) {
      halved[i] = gram[i] / 4;
      cross[i] = gram[i] / 2;
    }
    LdlFactor factor = LdlFactor.of(halved, COLUMNS, 1e-7, WORKERS);
    float[] shift = InputShift.of(cross, halved, factor, 1, WORKERS);
    for (int i = 0; i < COLUMNS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        assertThat(shift[i * COLUMNS + j]).isCloseTo(i == j ? 1f : 0f, within(1e-3f));
      }
    }
  }

  @Test
  void refusesToWorkWithoutAGram() {
    assertThatThrownBy(
            () ->
                new Gptq()
                    .quantize("blk.0.w", weight(1), format("Q4_K"), LayerInputs.UNKNOWN, WORKERS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Gram")
        .hasMessageContaining("blk.0.w");
  }
}
