package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.LayerInputs;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class GptqPassTest {
  private static final String SECOND = "blk.1.ffn_up.weight";

  private static final Model MODEL = new TinyLlama(256, 2, 4, 2, 512, false, 7).model();

  /// Keeps nothing.
  private static final class Forgetful implements GptqPass.Finished {
    @Override
    public List<Tensor> find(int index) {
      return List.of();
    }

    @Override
    public List<Tensor> keep(int index, List<Tensor> tensors) {
      return tensors;
    }
  }

  @Test
  void theFormatOfBlockZeroReachesTheInputsOfBlockOne() {
    assertThat(second(MODEL, formats("Q2_K"))).isNotEqualTo(second(MODEL, formats("Q6_K")));
  }

  @Test
  void theFormatOfTheEmbeddingReachesTheInputsOfTheBlocks() {
    Tensor embedding = Objects.requireNonNull(MODEL.tensors().get("token_embd.weight"));
    try (Workers workers = new LocalWorkers(2)) {
      Tensor coarse =
          new FormatEncoder()
              .quantize(embedding.name(), embedding, format("Q2_K"), LayerInputs.UNKNOWN, workers);
      assertThat(second(MODEL.with(List.of(coarse)), formats("Q6_K")))
          .isNotEqualTo(second(MODEL, formats("Q6_K")));
    }
  }

  /// One weight of block 0, and one of block 1.
  private static SequencedMap<String, WeightFormat> formats(String first) {
    SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
    formats.put("blk.0.attn_v.weight", format(first));
    formats.put(SECOND, format("Q4_K"));
    return formats;
  }

  private static WeightFormat format(String id) {
    return (WeightFormat) NumberFormats.named(id);
  }

  private static byte[] second(Model start, SequencedMap<String, WeightFormat> formats) {
    Random random = new Random(3);
    int[][] chunks = new int[4][];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = random.ints(64, 0, TinyLlama.VOCABULARY).toArray();
    }
    try (Workers workers = new LocalWorkers(2)) {
      Model rounded =
          GptqPass.DEFAULT.run(
              MODEL, start, chunks, formats, Map.of(), new Forgetful(), workers, Progress.SILENT);
      return Objects.requireNonNull(rounded.tensors().get(SECOND))
          .bytes()
          .toArray(ValueLayout.JAVA_BYTE);
    }
  }
}
