package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.MalformedFileException;
import halftone.numeric.NumberFormats;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weights stored as FP8 codes, with scales beside them.
class ScalesTest {
  @ParameterizedTest
  @CsvSource({"weight_scale_inv,2x3", "weight_scale,1", "weight_scale,200x1", "weight_scale,200"})
  void multipliesFp8CodesByTheirScales(String kind, String extents) throws IOException {
    Random random = new Random(4);
    byte[] codes = new byte[200 * 300];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (random.nextInt(256) & 0xBF);
    }
    List<Long> shape = java.util.Arrays.stream(extents.split("x")).map(Long::valueOf).toList();
    float[] scales = new float[(int) shape.stream().mapToLong(n -> n).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = 0.5f + random.nextFloat();
    }
    Tensor tensor = converted(codes, kind, shape, scales);
    assertThat(tensor.format().id()).isEqualTo("BF16");
    float[] plain = new float[codes.length];
    NumberFormats.named("F8_E4M3").decode(MemorySegment.ofArray(codes), 0, plain, 0, plain.length);
    float[] rows = new float[codes.length];
    tensor.rows(0, 200, rows, 0);
    for (int i = 0; i < rows.length; i++) {
      int row = i / 300;
      int block = row / 128 * 3 + i % 300 / 128;
      float scale = scales.length == 6 ? scales[block] : scales[scales.length == 1 ? 0 : row];
      assertThat(rows[i])
          .isCloseTo(
              plain[i] * scale,
              org.assertj.core.data.Offset.offset(Math.abs(plain[i] * scale) / 256));
    }
  }

  private static Tensor converted(byte[] codes, String kind, List<Long> shape, float[] scales) {
    SequencedMap<String, StoredTensor> stored = new LinkedHashMap<>();
    String name = "model.layers.0.mlp.up_proj.";
    stored.put(name + "weight", stored(name + "weight", "F8_E4M3", List.of(200L, 300L), codes));
    stored.put(
        name + kind, stored(name + kind, "F32", shape, SafetensorsWriter.encode(scales, "F32")));
    Config config = Config.of(JsonObject.parse("config.json", "{\"tie_word_embeddings\":true}"));
    Conversion conversion =
        new Conversion(new Qwen2Family(), config, new Shards(List.of(), stored));
    SequencedMap<String, Tensor> tensors = conversion.tensors(0);
    assertThat(tensors.keySet()).containsExactly("blk.0.ffn_up.weight");
    return tensors.firstEntry().getValue();
  }

  private static StoredTensor stored(String name, String type, List<Long> extents, byte[] bytes) {
    return new StoredTensor("x.safetensors", name, type, extents, MemorySegment.ofArray(bytes));
  }

  @Test
  void refusesScalesOfAnotherShape() {
    assertThatThrownBy(
            () -> converted(new byte[60_000], "weight_scale_inv", List.of(3L, 3L), new float[9]))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("3×3 scales for a weight of 300×200");
  }
}
