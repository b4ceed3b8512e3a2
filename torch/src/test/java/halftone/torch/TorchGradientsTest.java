package halftone.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.evidence.GradientTap;
import halftone.evidence.Labels;
import halftone.evidence.OutputMomentCollector;
import halftone.evidence.OutputMoments;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.model.TinyDecoder;
import halftone.model.TinyLlama;
import halftone.runtime.Activations;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TorchGradientsTest {
  private static final Workers WORKERS = new LocalWorkers(2);
  private static final TorchGradients SOURCE = new TorchGradients(2);

  /// Two batches, the second one smaller.
  private static final int CHUNKS = 5;

  private static final int LENGTH = 27;

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  /// Σ_t dy_t x_tᵀ of each linear layer, in double: the gradient of its weight.
  private static final class WeightGradients implements GradientTap {
    private final Map<String, double[]> sums = new HashMap<>();
    private final List<String> ends = new ArrayList<>();
    private int streams;

    @Override
    public void layer(String weight, Activations x, Activations dy) {
      double[] sum = sums.computeIfAbsent(weight, name -> new double[dy.width() * x.width()]);
      for (int row = 0; row < x.rows(); row++) {
        for (int c = 0; c < dy.width(); c++) {
          double g = dy.values()[row * dy.width() + c];
          for (int j = 0; j < x.width(); j++) {
            sum[c * x.width() + j] += g * x.values()[row * x.width() + j];
          }
        }
      }
    }

    @Override
    public void release(Activations stream) {
      streams++;
    }

    @Override
    public void end(Stage stage) {
      ends.add(stage.name());
    }
  }

  static List<TinyDecoder> architectures() {
    return TinyDecoder.ALL;
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void blockByBlockGradientsAreThoseOfTheWholeGraph(TinyDecoder tiny) {
    Model model = tiny.model();
    int[][] tokens = Tiny.tokens(CHUNKS, LENGTH);
    WeightGradients found = new WeightGradients();
    long keptBytes = 0;
    new TorchGradients(2, keptBytes).differentiate(model, tokens, Labels.NEXT_TOKEN, 0, found);
    Map<String, double[]> expected = whole(model, tokens);
    String table = model.linears().contains("output.weight") ? "" : "token_embd.weight";
    for (String weight : model.linears()) {
      if (!weight.equals(table)) {
        requireClose(found.sums.get(weight), expected.get(weight));
      }
    }
    assertThat(found.streams).isEqualTo(2 * model.blocks().size());
    assertThat(found.ends.getFirst()).isEqualTo("head");
    assertThat(found.ends.getLast()).isEqualTo("block 0");
  }

  /// Weight gradients of the summed loss by one backward pass through everything, in float64.
  private static Map<String, double[]> whole(Model model, int[][] tokens) {
    try (PointerScope scope = new PointerScope();
        Parameters parameters = new Parameters(model, Precision.FLOAT64);
        TorchEngine engine = new TorchEngine(model, parameters)) {
      List<String> names = List.copyOf(model.linears());
      parameters.requireGradients(names);
      Batch batch = new Batch(tokens);
      Tensor logits = engine.logits(batch, LinearTap.NONE);
      Tensor loss = Losses.sumOf(logits, Tensor.create(Losses.nextTokens(batch)));
      TensorVector gradients = torch.grad(new TensorVector(loss), parameters.vector(names));
      Map<String, double[]> byName = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        byName.put(names.get(i), Memory.doubles(gradients.get(i)));
      }
      return byName;
    }
  }

  private static void requireClose(double[] found, double[] expected) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(found[i] - expected[i]));
    }
    assertThat(difference / largest).isLessThan(1e-4);
  }

  @Test
  void momentsOfSampledLabelsAreTheFisherInformationOfTheLogits() {
    Model model = Tiny.unsure();
    int[][] tokens = Tiny.tokens(16, 64);
    double[] expected = new double[Tiny.VOCABULARY];
    float[] logits = Tiny.logits(model, tokens, Precision.FLOAT32);
    int rows = 16 * 64;
    for (int row = 0; row < rows; row++) {
      double total = 0;
      for (int i = 0; i < Tiny.VOCABULARY; i++) {
        total += Math.exp(logits[row * Tiny.VOCABULARY + i]);
      }
      for (int i = 0; i < Tiny.VOCABULARY; i++) {
        double p = Math.exp(logits[row * Tiny.VOCABULARY + i]) / total;
        expected[i] += p * (1 - p) / rows;
      }
    }
    float[] squares = moments(model, tokens, 1).get("token_embd.weight").squares();
    double sum = 0;
    double right = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += squares[i];
      right += expected[i];
      // A draw of n with probability p: its share strays by √(p / n).
      assertThat(squares[i])
          .isCloseTo((float) expected[i], within((float) (5 * Math.sqrt(expected[i] / rows))));
    }
    assertThat(sum / right).isCloseTo(1, within(0.05));
  }

  private static Map<String, OutputMoments> moments(Model model, int[][] tokens, long seed) {
    Map<String, OutputMoments> all = new HashMap<>();
    SOURCE.differentiate(
        model,
        tokens,
        Labels.SAMPLED,
        seed,
        new OutputMomentCollector(model, true, WORKERS, (stage, some) -> all.putAll(some)));
    return all;
  }

  @Test
  void theSeedDecidesTheLabelsAndTheThreadsDecideNothing() {
    Model model = Tiny.unsure();
    int[][] tokens = Tiny.tokens(2, 16);
    float[] once = moments(model, tokens, 3).get("blk.0.attn_v.weight").gram();
    assertThat(moments(model, tokens, 3).get("blk.0.attn_v.weight").gram()).isEqualTo(once);
    Map<String, OutputMoments> alone = new HashMap<>();
    new TorchGradients(1)
        .differentiate(
            model,
            tokens,
            Labels.SAMPLED,
            3,
            new OutputMomentCollector(model, true, WORKERS, (stage, some) -> alone.putAll(some)));
    assertThat(alone.get("blk.0.attn_v.weight").gram()).isEqualTo(once);
    assertThat(moments(model, tokens, 4).get("blk.0.attn_v.weight").gram()).isNotEqualTo(once);
  }

  @Test
  void streamsAreKeptWhereMemoryAllowsAndRunAgainWhereNot() {
    assertThat(BackwardPass.segment(30, 19_000_000, 640 << 20)).isEqualTo(1);
    assertThat(BackwardPass.segment(30, 40_000_000, 640 << 20)).isEqualTo(3);
    assertThat(BackwardPass.segment(30, 1_000_000_000, 640 << 20)).isEqualTo(6);
    assertThat(BackwardPass.segment(1, 1_000_000_000, 640 << 20)).isEqualTo(1);
  }

  @Test
  void textOfNothingIsRefused() {
    Model model = TinyLlama.seeded(5).model();
    assertThatThrownBy(
            () ->
                SOURCE.differentiate(model, new int[0][], Labels.SAMPLED, 0, new WeightGradients()))
        .hasMessageContaining("no text");
  }
}
