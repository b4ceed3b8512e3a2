package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.kernel.bitplane.BitPlaneProduct;
import halftone.kernel.bitplane.BitPlaneRows;
import halftone.kernel.bitplane.BitPlaneWeight;
import halftone.model.Model;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.model.TinyLlama;
import halftone.parts.Composite;
import halftone.parts.ScaledElements;
import halftone.quantizer.Bipolar;
import halftone.quantizer.ElementChoice;
import halftone.quantizer.LayerKnowledge;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The output layer of a network in bipolar weights, its inputs in 8 bipolar bits: through bit
/// planes and as floats of the same values.
class BitPlaneLayerTest {
  private static final int GROUP = 64;
  private static final int INPUT_BITS = 8;
  private static final int[] TOKENS = new Random(3).ints(21, 0, TinyLlama.VOCABULARY).toArray();
  private static final Model MODEL = new TinyLlama(256, 2, 4, 2, 512, false, 7).model();

  @ParameterizedTest
  @CsvSource({"2,XOR", "2,AND", "3,XOR", "3,AND"})
  void logitsAreThoseOfTheRoundedNumbers(int bits, BitPlaneProduct.Form form) {
    String name = ((Op.Linear) MODEL.head().nodes().getLast().op()).weight();
    Tensor weight = MODEL.tensors().get(name);
    int rows = (int) weight.shape().rows();
    int columns = weight.shape().columns();
    try (Workers workers = new LocalWorkers(2);
        Arena arena = Arena.ofShared()) {
      float[] inputs = inputs(workers);
      Composite stored =
          new Bipolar(GROUP, ElementChoice.NEAREST)
              .quantize(name, weight, bits, LayerKnowledge.NONE, workers);
      float[] values = new float[rows * columns];
      stored.rows(0, rows, values, 0);
      float[] scales = scales((ScaledElements) stored.parts().getFirst());
      byte[] codes = codes(values, scales, bits);
      float[] logits = new float[TOKENS.length * rows];
      BitPlaneProduct.multiply(
          BitPlaneRows.quantize(inputs, TOKENS.length, columns, INPUT_BITS, GROUP, workers),
          BitPlaneWeight.of(codes, rows, columns, bits, GROUP, scales, arena),
          form,
          logits,
          workers);
      for (int from = 0; from < inputs.length; from += GROUP) {
        roundDown(inputs, from);
      }
      float[] expected = new float[logits.length];
      double largest = 0;
      for (int t = 0; t < TOKENS.length; t++) {
        for (int r = 0; r < rows; r++) {
          double sum = 0;
          for (int j = 0; j < columns; j++) {
            sum += (double) values[r * columns + j] * inputs[t * columns + j];
          }
          expected[t * rows + r] = (float) sum;
          largest = Math.max(largest, Math.abs(sum));
        }
      }
      assertThat(logits).containsExactly(expected, within((float) (1e-4 * largest)));
    }
  }

  /// What enters the output layer, one row a token.
  private static float[] inputs(Workers workers) {
    Engine engine = new Engine(MODEL, Arithmetic.EXACT, workers);
    Activations hidden = engine.embed(new int[][] {TOKENS});
    for (Stage block : MODEL.blocks()) {
      hidden = engine.run(block, hidden, Tap.NONE);
    }
    float[][] seen = new float[1][];
    int[] all = IntStream.range(0, TOKENS.length).toArray();
    engine.head(hidden, all, (name, x) -> seen[0] = x.values().clone(), (row, count, logits) -> {});
    return seen[0];
  }

  private static float[] scales(ScaledElements elements) {
    float[] scales = new float[elements.scales().count()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = elements.scales().get(i);
    }
    return scales;
  }

  /// A value is the scale times 2u − (2ⁿ − 1).
  private static byte[] codes(float[] values, float[] scales, int bits) {
    byte[] codes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      codes[i] = (byte) Math.round((values[i] / scales[i / GROUP] + (1 << bits) - 1) / 2);
    }
    return codes;
  }

  /// To the middles of the steps of the largest magnitude's scale s: 2s (floor(x / 2s) + ½).
  private static void roundDown(float[] x, int from) {
    float largest = 0;
    for (int j = from; j < from + GROUP; j++) {
      largest = Math.max(largest, Math.abs(x[j]));
    }
    double step = 2.0 * largest / ((1 << INPUT_BITS) - 1);
    int half = 1 << INPUT_BITS - 1;
    for (int j = from; j < from + GROUP; j++) {
      double code = Math.clamp(Math.floor(x[j] / step), -half, half - 1);
      x[j] = (float) (step * (code + 0.5));
    }
  }
}
