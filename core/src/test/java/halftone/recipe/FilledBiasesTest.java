package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.LayerInputs;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.store.ExperimentStore;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import halftone.transform.BiasSlots;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Check 3 of the card "minifloat-ptq".
class FilledBiasesTest {
  @TempDir private Path folder;

  @Test
  void theMeanOutputOfEveryLayerIsThatOfTheOriginal() {
    Model model = new BiasSlots().apply(TinyLlama.seeded(4).model(), new double[0]);
    int[] tokens = new Random(6).ints(96, 0, TinyLlama.VOCABULARY).toArray();
    Chunks text = new Chunks("text", 96, 96, List.of(new Chunks.Chunk("prose", tokens)));
    try (Workers workers = new LocalWorkers(2);
        ExperimentStore store = ExperimentStore.open(folder, line -> {})) {
      Workshop shop = new Workshop(model, "tiny", workers, new Memo(store), Progress.SILENT);
      Model rounded = rounded(model, workers);
      Model filled = FilledBiases.of(shop, text, rounded);
      Map<String, Activations> inputs = new HashMap<>();
      new Engine(model, Arithmetic.EXACT, workers).watch(new int[][] {tokens}, inputs::put);
      int layers = 0;
      for (var block : model.blocks()) {
        for (Node node : block.nodes()) {
          if (node.op() instanceof Op.Linear linear) {
            Activations x = inputs.get(linear.weight());
            double[] wanted = meanOutputs(model, linear, x);
            double before = largestError(wanted, meanOutputs(rounded, linear, x));
            double after = largestError(wanted, meanOutputs(filled, linear, x));
            assertThat(before).isGreaterThan(1e-3);
            assertThat(after).as(linear.weight()).isLessThan(1e-5);
            layers++;
          }
        }
      }
      assertThat(layers).isEqualTo(14);
    }
  }

  @Test
  void aBiasOfTheNetworksOwnStays() {
    Model model =
        halftone.model.TinyDecoder.ALL.stream()
            .filter(tiny -> tiny.architecture().equals("qwen2"))
            .findFirst()
            .orElseThrow()
            .model();
    try (Workers workers = new LocalWorkers(2);
        ExperimentStore store = ExperimentStore.open(folder, line -> {})) {
      Workshop shop = new Workshop(model, "tiny", workers, new Memo(store), Progress.SILENT);
      Chunks text = new Chunks("text", 1, 1, List.of(new Chunks.Chunk("prose", new int[] {1})));
      assertThat(FilledBiases.of(shop, text, model)).isSameAs(model);
    }
  }

  private static Model rounded(Model model, Workers workers) {
    WeightFormat format = (WeightFormat) NumberFormats.named("Q4_0");
    List<Tensor> tensors = new ArrayList<>();
    for (var block : model.blocks()) {
      for (String name : Model.linears(block)) {
        Tensor weight = model.tensors().get(name);
        tensors.add(
            new FormatEncoder().quantize(name, weight, format, LayerInputs.of(null), workers));
      }
    }
    return model.with(tensors);
  }

  private static float[] values(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    tensor.rows(0, Math.toIntExact(tensor.shape().rows()), values, 0);
    return values;
  }

  private static double[] meanOutputs(Model model, Op.Linear linear, Activations x) {
    float[] weight = values(model.tensors().get(linear.weight()));
    float[] bias = values(model.tensors().get(linear.bias()));
    double[] means = new double[bias.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = bias[i];
      for (int t = 0; t < x.rows(); t++) {
        for (int j = 0; j < x.width(); j++) {
          means[i] += (double) weight[i * x.width() + j] * x.values()[t * x.width() + j] / x.rows();
        }
      }
    }
    return means;
  }

  private static double largestError(double[] wanted, double[] found) {
    double largest = 0;
    for (int i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(wanted[i] - found[i]));
    }
    return largest;
  }
}
