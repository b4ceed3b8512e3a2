package halftone.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.torch.Libtorch;
import halftone.torch.Memory;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AdamWTest {
  private static final double DECAY = 0.1;
  private static final double RATE = 0.01;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  /// The paper's algorithm 2 in float64, with clipping in front.
  @Test
  void followsThePaperStepByStep() {
    Random random = new Random(3);
    double[] weights = random.doubles(6, -1, 1).toArray();
    double[] m = new double[6];
    double[] v = new double[6];
    try (PointerScope scope = new PointerScope()) {
      Tensor matrix = tensor(weights).view(2, 3);
      try (AdamW optimizer = new AdamW(List.of(matrix), DECAY)) {
        for (int t = 1; t <= 30; t++) {
          double[] gradient = random.doubles(6, -1, 1).map(g -> 0.8 * g).toArray();
          double length = Math.sqrt(java.util.Arrays.stream(gradient).map(g -> g * g).sum());
          double told = optimizer.step(List.of(tensor(gradient).view(2, 3)), t, RATE);
          assertThat(told).isCloseTo(length, within(1e-6));
          for (int i = 0; i < 6; i++) {
            double g = gradient[i] / Math.max(1, length);
            m[i] = 0.9 * m[i] + 0.1 * g;
            v[i] = 0.95 * v[i] + 0.05 * g * g;
            double direction =
                m[i] / (1 - Math.pow(0.9, t)) / (Math.sqrt(v[i] / (1 - Math.pow(0.95, t))) + 1e-8);
            weights[i] -= RATE * (direction + DECAY * weights[i]);
          }
        }
      }
      double[] reached = Memory.doubles(matrix);
      for (int i = 0; i < 6; i++) {
        assertThat(reached[i]).isCloseTo(weights[i], within(1e-5));
      }
    }
  }

  @Test
  void vectorsDoNotDecay() {
    try (PointerScope scope = new PointerScope()) {
      Tensor gain = tensor(1, 1);
      try (AdamW optimizer = new AdamW(List.of(gain), DECAY)) {
        optimizer.step(List.of(tensor(0, 0)), 1, RATE);
      }
      assertThat(Memory.floats(gain)).containsExactly(1, 1);
    }
  }

  @Test
  void theRateRisesAndFallsAsACosine() {
    TrainingSettings settings =
        new TrainingSettings(new NetworkSizes(32, 1, 2, 1, 64, 300, 16), 111, 1, 1, 1.0, 10, 0, 0);
    assertThat(settings.learningRate(0)).isEqualTo(0.1);
    assertThat(settings.learningRate(9)).isEqualTo(1.0);
    assertThat(settings.learningRate(10)).isEqualTo(1.0);
    assertThat(settings.learningRate(60)).isCloseTo(0.55, within(1e-12));
    assertThat(settings.learningRate(110)).isCloseTo(0.1, within(1e-12));
  }

  private static Tensor tensor(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.create(floats);
  }
}
