package halftone.torch;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.evidence.Labels;
import halftone.evidence.PerturbationCollector;
import halftone.model.Model;
import halftone.numeric.NumberFormats;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Check 4 of the card "cptquant" on a network: the signed term is what the loss does.
class TaylorRankingTest {
  private static final Workers WORKERS = new LocalWorkers(2);
  private final Model model = Tiny.unsure();
  private final int[][] tokens = Tiny.tokens(2, 48);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private float[] values(String name) {
    Tensor tensor = model.tensors().get(name);
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    tensor.rows(0, Math.toIntExact(tensor.shape().rows()), values, 0);
    return values;
  }

  /// A thousandth of the weights' size.
  private float[] change(String name) {
    float[] weights = values(name);
    Random random = new Random(name.hashCode());
    double squares = 0;
    for (float weight : weights) {
      squares += (double) weight * weight;
    }
    double size = 1e-3 * Math.sqrt(squares / weights.length);
    float[] change = new float[weights.length];
    for (int i = 0; i < change.length; i++) {
      change[i] = (float) (size * random.nextGaussian());
    }
    return change;
  }

  @Test
  void theSignedTermIsTheChangeOfTheLoss() {
    Set<String> names = new HashSet<>(Model.linears(model.blocks().get(1)));
    Map<String, PerturbationCollector.Change> found = new HashMap<>();
    new TorchGradients(2)
        .differentiate(
            model,
            tokens,
            Labels.NEXT_TOKEN,
            0,
            new PerturbationCollector(
                name -> names.contains(name) ? change(name) : null,
                WORKERS,
                (stage, change) -> found.put(stage == model.blocks().get(1) ? "1" : "?", change)));
    List<Tensor> moved = new ArrayList<>();
    for (String name : names) {
      float[] weights = values(name);
      float[] change = change(name);
      for (int i = 0; i < weights.length; i++) {
        weights[i] += change[i];
      }
      moved.add(
          new Tensor(
              name,
              model.tensors().get(name).shape(),
              NumberFormats.named("F32"),
              MemorySegment.ofArray(weights)));
    }
    double difference = loss(model.with(moved)) - loss(model);
    PerturbationCollector.Change change = found.get("1");
    assertThat(change.sequences()).isEqualTo(2);
    assertThat(Math.abs(change.signed() / difference - 1)).isLessThan(0.05);
    assertThat(change.magnitudes()).isGreaterThan(Math.abs(change.signed()));
  }

  /// Summed over all tokens that have a next one.
  private double loss(Model network) {
    try (PointerScope scope = new PointerScope();
        Parameters parameters = new Parameters(network, Precision.FLOAT64);
        TorchEngine engine = new TorchEngine(network, parameters);
        NoGradGuard guard = new NoGradGuard()) {
      Batch batch = new Batch(tokens);
      return 2 * 47 * Losses.nextToken(engine.logits(batch, LinearTap.NONE), batch).item_double();
    }
  }
}
