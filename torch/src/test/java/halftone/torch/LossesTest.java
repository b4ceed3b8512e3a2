package halftone.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.Model;
import halftone.model.TinyLlama;
import java.util.List;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class LossesTest {
  private final Model model = TinyLlama.seeded(3).model();
  private final List<String> trained = List.copyOf(model.tensors().keySet());

  @Test
  void nextTokenLossIsTheMeanOfTheLogitsSurprise() {
    int[][] tokens = Tiny.tokens(2, 9);
    float[] logits = Tiny.logits(model, tokens, Precision.FLOAT64);
    double sum = 0;
    for (int row = 0; row < 18; row++) {
      if (row % 9 < 8) {
        sum += surprise(logits, row, tokens[row / 9][row % 9 + 1]);
      }
    }
    assertThat(loss(tokens)).isCloseTo(sum / 16, Offset.offset(1e-6));
  }

  private static double surprise(float[] logits, int row, int token) {
    double total = 0;
    for (int i = 0; i < Tiny.VOCABULARY; i++) {
      total += Math.exp(logits[row * Tiny.VOCABULARY + i]);
    }
    return Math.log(total) - logits[row * Tiny.VOCABULARY + token];
  }

  private double loss(int[][] tokens) {
    try (PointerScope scope = new PointerScope();
        Parameters parameters = new Parameters(model, Precision.FLOAT64);
        TorchEngine engine = new TorchEngine(model, parameters)) {
      Batch batch = new Batch(tokens);
      return Losses.nextToken(engine.logits(batch, LinearTap.NONE), batch).item_double();
    }
  }

  @Test
  void stepsDownTheGradientLowerTheLossAndMemoryStaysFlat() {
    Batch batch = new Batch(Tiny.tokens(2, 16));
    try (Parameters parameters = new Parameters(model, Precision.FLOAT32);
        TorchEngine engine = new TorchEngine(model, parameters)) {
      parameters.requireGradients(trained);
      double first = step(engine, parameters, batch);
      long before = Pointer.totalBytes();
      double last = first;
      for (int i = 0; i < 20; i++) {
        last = step(engine, parameters, batch);
      }
      assertThat(last).isLessThan(first - 0.5);
      assertThat(Pointer.totalBytes()).isEqualTo(before);
    }
  }

  private double step(TorchEngine engine, Parameters parameters, Batch batch) {
    try (PointerScope scope = new PointerScope()) {
      Tensor loss = Losses.nextToken(engine.logits(batch, LinearTap.NONE), batch);
      TensorVector leaves = parameters.vector(trained);
      TensorVector gradients = torch.grad(new TensorVector(loss), leaves);
      NoGradGuard guard = new NoGradGuard();
      for (long i = 0; i < gradients.size(); i++) {
        leaves.get(i).add_(gradients.get(i), new Scalar(-0.1));
      }
      guard.close();
      return loss.item_double();
    }
  }

  @Test
  void batchesOfNothingAreRefused() {
    assertThatThrownBy(() -> new Batch(new int[0][])).hasMessageContaining("no tokens");
    assertThatThrownBy(() -> new Batch(new int[][] {{1, 2}, {3}})).hasMessageContaining("lengths");
    assertThatThrownBy(() -> loss(new int[][] {{1}})).hasMessageContaining("no next token");
    assertThatThrownBy(() -> loss(new int[][] {{1, Tiny.VOCABULARY}}))
        .hasMessageContaining("not among the 264");
  }
}
