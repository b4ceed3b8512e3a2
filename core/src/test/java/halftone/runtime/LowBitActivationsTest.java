package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.LayerInputs;
import halftone.quantizer.LayerKnowledge;
import halftone.quantizer.PartsQuantizers;
import halftone.quantizer.RoundToNearest;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Products with integer activations.
class LowBitActivationsTest {
  private static final int[] TOKENS = new Random(3).ints(24, 0, TinyLlama.VOCABULARY).toArray();
  private static final Model MODEL = TinyLlama.seeded(4).model();

  private static double change(Model model, String as) {
    return LogitRows.largestDifference(
        LogitRows.of(model, TOKENS, Arithmetic.EXACT),
        LogitRows.of(model, TOKENS, Arithmetic.parse(as)));
  }

  private static List<String> inBlocks() {
    return MODEL.blocks().stream().flatMap(block -> Model.linears(block).stream()).toList();
  }

  private static Model inFormat(String format, List<String> names) {
    WeightFormat to = (WeightFormat) NumberFormats.named(format);
    List<Tensor> tensors = new ArrayList<>();
    try (Workers workers = new LocalWorkers(2)) {
      for (String name : names) {
        Tensor weight = MODEL.tensors().get(name);
        tensors.add(new RoundToNearest().quantize(name, weight, to, LayerInputs.UNKNOWN, workers));
      }
    }
    return MODEL.with(tensors);
  }

  private static Model inParts(String method, double spikeRatio) {
    List<Tensor> tensors = new ArrayList<>();
    try (Workers workers = new LocalWorkers(2)) {
      for (String name : inBlocks()) {
        LayerKnowledge known = new LayerKnowledge(null, null, null, null, spikeRatio);
        tensors.add(
            PartsQuantizers.parse(method)
                .orElseThrow()
                .quantize(name, MODEL.tensors().get(name), 8, known, workers)
                .tensor(name));
      }
    }
    return MODEL.with(tensors);
  }

  @Test
  void fewerBitsAndFewerScalesChangeMore() {
    Model model = inFormat("Q8_0", inBlocks());
    double eight = change(model, "a8-token");
    assertThat(eight).isPositive();
    assertThat(change(model, "a4-token")).isGreaterThan(4 * eight);
    assertThat(change(model, "a8-tensor")).isGreaterThan(eight);
  }

  @Test
  void weightsOfSixteenBitsAndTheHeadMeetWhatTheyAlwaysMet() {
    assertThat(change(MODEL, "a4-tensor")).isZero();
    assertThat(change(inFormat("F16", inBlocks()), "a4-tensor")).isZero();
    List<String> head = List.copyOf(Model.linears(MODEL.head()));
    assertThat(head).isNotEmpty();
    assertThat(change(inFormat("Q8_0", head), "a4-tensor")).isZero();
  }

  @Test
  void weightsInPartsAreWhatTheirPartsAre() {
    assertThat(change(inParts("integers", 0), "a8-tensor")).isPositive();
    assertThat(change(inParts("integers:spiking=f16", 1000), "a4-tensor")).isZero();
    // 8-bit floats meet 8-bit floats, whatever the width of the integers.
    Model floats = inParts("integers:spiking=f8", 1000);
    assertThat(change(floats, "a8-tensor")).isPositive().isEqualTo(change(floats, "a2-token"));
  }

  @Test
  void namesAreRead() {
    for (String name : List.of("exact", "llama", "a8-token", "a2-tensor")) {
      assertThat(Arithmetic.parse(name).id()).isEqualTo(name);
    }
    for (String name : List.of("a9-token", "a8", "w4a4")) {
      assertThatThrownBy(() -> Arithmetic.parse(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + name + "'")
          .hasMessageContaining("a2-tensor to a8-tensor");
    }
  }
}
