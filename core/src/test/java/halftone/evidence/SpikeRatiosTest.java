package halftone.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.LogitRows;
import halftone.sensitivity.SpikeAware;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Checks of the card "spike-aware".
class SpikeRatiosTest {
  private static final int[] TOKENS = new Random(3).ints(64, 0, TinyLlama.VOCABULARY).toArray();
  private static final String UP = "blk.1.ffn_up.weight";
  private static final String GATE = "blk.1.ffn_gate.weight";
  private static final String DOWN = "blk.1.ffn_down.weight";

  @Test
  void isTheLargestTokenOverTheMedianOfEachSequence() {
    // Two sequences of three tokens of two values: 1, 8, 2 over 2 and 5, 5, 5 over 5.
    float[] values = {1, 0, -8, 3, 2, 2, 5, 0, 0, -5, 5, 1};
    Activations inputs = new Activations(2, 3, 2, values);
    assertThat(SpikeRatios.ratio(inputs, 0)).isCloseTo(4, within(1e-6));
    assertThat(SpikeRatios.ratio(inputs, 1)).isCloseTo(1, within(1e-6));
    Activations even = new Activations(1, 4, 1, new float[] {1, 3, 9, 5});
    assertThat(SpikeRatios.ratio(even, 0)).isCloseTo(9 / 4.0, within(1e-6));
  }

  @Test
  void deadInputsHaveNoInfiniteRatio() {
    assertThat(SpikeRatios.ratio(new Activations(1, 3, 1, new float[3]), 0)).isZero();
  }

  /// The negative control: an untrained network.
  @Test
  void anUntrainedNetworkDoesNotSpike() {
    Map<String, Double> ratios = ratios(TinyLlama.seeded(4).model());
    assertThat(ratios.values()).allMatch(ratio -> ratio >= 1 && ratio < 5);
    assertThat(new SpikeAware().spiking(ratios)).isEmpty();
  }

  /// A channel of one block's feed-forward layer that answers to one token alone, with no way on:
  /// the function is the same, and exactly that layer is found.
  @Test
  void findsAPlantedSpike() {
    Model model = TinyLlama.seeded(4).model();
    Model planted = planted(model);
    assertThat(new SpikeAware().spiking(ratios(planted))).containsExactly(DOWN);
    float[][] before =
        LogitRows.of(model.with(List.of(withoutColumn(model))), TOKENS, Arithmetic.EXACT);
    float[][] after = LogitRows.of(planted, TOKENS, Arithmetic.EXACT);
    for (int t = 0; t < before.length; t++) {
      assertThat(after[t]).hasSameSizeAs(before[t]);
      for (int i = 0; i < before[t].length; i++) {
        assertThat(after[t][i]).isCloseTo(before[t][i], within(1e-3f));
      }
    }
  }

  private static Map<String, Double> ratios(Model model) {
    try (LocalWorkers workers = new LocalWorkers(2)) {
      return SpikeRatios.of(model, new int[][] {TOKENS}, workers);
    }
  }

  /// Channel 0 of gate and up looks in the direction in which the first token stands out; what it
  /// had written and what it writes now is dropped from both networks' outputs by a zero column.
  private static Model planted(Model model) {
    float[] direction = direction(model);
    Tensor up = withRow(model, UP, scaled(direction, 4000));
    Tensor gate = withRow(model, GATE, scaled(direction, 60));
    return model.with(List.of(up, gate, withoutColumn(model)));
  }

  private static float[] direction(Model model) {
    try (LocalWorkers workers = new LocalWorkers(2)) {
      Engine engine = new Engine(model, Arithmetic.EXACT, workers);
      float[][] found = new float[1][];
      Activations stream = engine.embedInBatches(new int[][] {TOKENS}).getFirst();
      for (var block : model.blocks()) {
        stream =
            engine.run(
                block,
                stream,
                (weight, inputs) -> {
                  if (weight.equals(UP)) {
                    found[0] = apart(inputs);
                  }
                });
      }
      return Objects.requireNonNull(found[0]);
    }
  }

  /// The first token's input without what the others share with it, of length 1.
  private static float[] apart(Activations inputs) {
    int width = inputs.width();
    double[] direction = new double[width];
    for (int j = 0; j < width; j++) {
      direction[j] = inputs.values()[j];
    }
    // Kaczmarz: orthogonal to every other token after some rounds, where dimensions allow it.
    for (int round = 0; round < 400; round++) {
      for (int t = 1; t < inputs.rows(); t++) {
        double dot = 0;
        double square = 0;
        for (int j = 0; j < width; j++) {
          double x = inputs.values()[t * width + j];
          dot += x * direction[j];
          square += x * x;
        }
        for (int j = 0; j < width; j++) {
          direction[j] -= dot / square * inputs.values()[t * width + j];
        }
      }
    }
    double length = 0;
    for (double d : direction) {
      length += d * d;
    }
    float[] unit = new float[width];
    for (int j = 0; j < width; j++) {
      unit[j] = (float) (direction[j] / Math.sqrt(length));
    }
    return unit;
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  private static float[] values(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    tensor.rows(0, Math.toIntExact(tensor.shape().rows()), values, 0);
    return values;
  }

  private static Tensor tensor(Tensor like, float[] values) {
    return new Tensor(
        like.name(), like.shape(), NumberFormats.named("F32"), MemorySegment.ofArray(values));
  }

  private static Tensor withRow(Model model, String name, float[] row) {
    Tensor original = Objects.requireNonNull(model.tensors().get(name));
    float[] values = values(original);
    System.arraycopy(row, 0, values, 0, row.length);
    return tensor(original, values);
  }

  private static Tensor withoutColumn(Model model) {
    Tensor original = Objects.requireNonNull(model.tensors().get(DOWN));
    float[] values = values(original);
    for (int row = 0; row < original.shape().rows(); row++) {
      values[row * original.shape().columns()] = 0;
    }
    return tensor(original, values);
  }
}
