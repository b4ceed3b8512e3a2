package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.evidence.InputMoments;
import halftone.evidence.LayerEvidence;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.SharedFolder;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.Gptq;
import halftone.quantizer.LayerInputs;
import halftone.quantizer.LdlFactor;
import halftone.quantizer.Quantizer;
import halftone.quantizer.RoundToNearest;
import halftone.sensitivity.GramError;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import halftone.text.TextSource;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// GPTQ against rounding to nearest on every linear layer of the real model, by tr(E A Eᵀ) on
/// calibration inputs.
@Tag("slow")
class GptqOnRealModelTest {
  private static final int CHUNKS = 16;

  @ParameterizedTest
  @ValueSource(strings = {"Q4_K", "IQ4_XS", "IQ3_S"})
  void losesAtMostSevenTenthsOfRoundToNearest(String id) throws IOException {
    WeightFormat format = (WeightFormat) NumberFormats.named(id);
    Path model = SharedFolder.reference("smollm2-135m-aligned-f16.gguf");
    String text = SharedFolder.file("data/text/wikitext-a.txt") + "@0-300000";
    List<Double> ratios = new ArrayList<>();
    List<String> above = new ArrayList<>();
    try (GgufFile file = GgufReader.open(model);
        Workers workers = new LocalWorkers(2)) {
      Model network = ModelReader.read(file);
      Chunks chunks =
          Chunks.of(TextSource.parse(text).read(), Tokenizers.of(file.keys()), Samples.CHUNK)
              .first(CHUNKS);
      CalibrationPass.run(
          network,
          chunks.tokens(),
          CalibrationPass.Grams.ALL,
          workers,
          Progress.SILENT,
          (stage, moments) -> {
            if (stage != network.head()) {
              ratios(network, format, moments, workers, ratios, above);
            }
          });
    }
    double median = ratios.stream().sorted().toList().get(ratios.size() / 2);
    System.out.printf(
        "%s: median ratio %.3f over %d tensors; not below round-to-nearest: %s%n",
        id, median, ratios.size(), above);
    assertThat(median).isLessThanOrEqualTo(0.7);
    assertThat(above.size()).isLessThanOrEqualTo(ratios.size() / 20);
  }

  private static void ratios(
      Model network,
      WeightFormat format,
      Map<String, InputMoments> moments,
      Workers workers,
      List<Double> ratios,
      List<String> above) {
    Map<InputMoments, LdlFactor> factors = new IdentityHashMap<>();
    moments.forEach(
        (name, inputs) -> {
          LdlFactor factor =
              factors.computeIfAbsent(
                  inputs, m -> new Gptq().factor(m.requireGram(), m.width(), workers));
          LayerInputs known = new LayerInputs(inputs.importance(), factor, null);
          Tensor weight = Objects.requireNonNull(network.tensors().get(name));
          double swept = loss(new Gptq(), weight, format, known, inputs, workers);
          double nearest = loss(new RoundToNearest(), weight, format, known, inputs, workers);
          ratios.add(swept / nearest);
          if (swept >= nearest) {
            above.add(name);
          }
        });
  }

  private static double loss(
      Quantizer quantizer,
      Tensor weight,
      WeightFormat format,
      LayerInputs known,
      InputMoments inputs,
      Workers workers) {
    Tensor coded = quantizer.quantize(weight.name(), weight, format, known, workers);
    int rows = (int) weight.shape().rows();
    int columns = weight.shape().columns();
    float[] errors = new float[rows * columns];
    float[] exact = new float[rows * columns];
    coded.rows(0, rows, errors, 0);
    weight.rows(0, rows, exact, 0);
    for (int i = 0; i < errors.length; i++) {
      errors[i] -= exact[i];
    }
    return new GramError().loss(errors, rows, columns, LayerEvidence.of(inputs), workers);
  }
}
