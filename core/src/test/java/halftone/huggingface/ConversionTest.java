package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonWriter;
import halftone.model.MalformedFileException;
import halftone.model.ModelSource;
import halftone.model.UnsupportedModelException;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a checkpoint's tensors and configuration.
class ConversionTest {
  private static final String FEED_FORWARD = " ffn_norm ffn_gate ffn_up ffn_down";
  private static final TinyFolder LLAMA = TinyFolder.ALL.getFirst();

  @TempDir Path folder;

  private static TinyFolder tiny(String family) {
    return TinyFolder.ALL.stream()
        .filter(each -> each.family().equals(family))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "llama,attn_norm attn_q +attn_k +attn_v +attn_output" + FEED_FORWARD,
    "qwen2,attn_norm attn_q +attn_k +attn_v +attn_output" + FEED_FORWARD,
    "qwen3,attn_norm attn_q attn_k attn_v attn_q_norm attn_k_norm attn_output" + FEED_FORWARD,
    "gemma2,attn_norm attn_q attn_k attn_v attn_output post_attention_norm"
        + FEED_FORWARD
        + " post_ffw_norm",
    "gemma3,attn_norm attn_q attn_k attn_v attn_q_norm attn_k_norm attn_output post_attention_norm"
        + FEED_FORWARD
        + " post_ffw_norm",
    "phi3,attn_norm attn_qkv attn_output ffn_norm ffn_up ffn_down",
  })
  void givesTheNamesOfTheCardInTheOrderOfTheGraph(String family, String parts) throws IOException {
    try (ModelSource source = ModelSources.open(tiny(family).write(folder))) {
      List<String> block =
          source.tensors().keySet().stream().filter(name -> name.startsWith("blk.1.")).toList();
      // A + marks that the part before has a bias.
      String found =
          String.join(" ", block)
              .replaceAll("blk\\.1\\.([a-z_]+)\\.bias", "+")
              .replaceAll("blk\\.1\\.([a-z_]+)\\.weight", "$1")
              .replace(" + ", " +");
      assertThat(found).isEqualTo(parts);
      assertThat(source.tensors().sequencedKeySet().getFirst()).isEqualTo("token_embd.weight");
      assertThat(source.tensors().containsKey("output.weight")).isEqualTo(!tiny(family).isTied());
    }
  }

  @Test
  void writesTheKeysOfSizesAndRotation() throws IOException {
    try (ModelSource source = ModelSources.open(tiny("phi3").write(folder))) {
      assertThat(source.keys().requireText("general.architecture")).isEqualTo("phi3");
      assertThat(source.keys().requireInt("phi3.embedding_length")).isEqualTo(64);
      assertThat(source.keys().requireInt("phi3.attention.head_count_kv")).isEqualTo(2);
      assertThat(source.keys().requireInt("phi3.rope.dimension_count")).isEqualTo(16);
      assertThat(source.keys().requireInt("phi3.rope.scaling.original_context_length"))
          .isEqualTo(256);
      // √(1 + ln 2 / ln 256) = √(1 + 1/8)
      assertThat(source.keys().requireFloat("phi3.rope.scaling.attn_factor"))
          .isEqualTo((float) Math.sqrt(1.125));
      assertThat(values(source, "rope_factors_long.weight")).hasSize(8).startsWith(4f, 4.25f);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "F16", "BF16"})
  void matricesKeepTheirTypeAndVectorsBecomeF32(String type) throws IOException {
    TinyFolder tiny = LLAMA.as(type);
    try (ModelSource source = ModelSources.open(tiny.write(folder))) {
      for (Tensor tensor : source.tensors().values()) {
        boolean vector = tensor.shape().extents().size() == 1;
        assertThat(tensor.format().id()).as(tensor.name()).isEqualTo(vector ? "F32" : type);
      }
      assertThat(values(source, "blk.0.ffn_up.weight"))
          .containsExactly(weight(tiny, "model.layers.0.mlp.up_proj.weight"));
      assertThat(values(source, "blk.0.attn_norm.weight"))
          .containsExactly(weight(tiny, "model.layers.0.input_layernorm.weight"));
    }
  }

  /// Reshaped to (heads, 2, headSize/2, columns), the middle axes swapped.
  @Test
  void llamasQueriesAndKeysAreInterleaved() throws IOException {
    try (ModelSource source = ModelSources.open(LLAMA.as("BF16").write(folder))) {
      for (String part : List.of("q", "k")) {
        String stored = "model.layers.1.self_attn." + part + "_proj.";
        String converted = "blk.1.attn_" + part + ".";
        assertThat(values(source, converted + "weight"))
            .containsExactly(swapped(weight(LLAMA.as("BF16"), stored + "weight"), 64));
        assertThat(values(source, converted + "bias"))
            .containsExactly(swapped(weight(LLAMA.as("BF16"), stored + "bias"), 1));
      }
      assertThat(values(source, "blk.1.attn_v.bias"))
          .containsExactly(weight(LLAMA.as("BF16"), "model.layers.1.self_attn.v_proj.bias"));
    }
  }

  private static float[] swapped(float[] values, int columns) {
    int half = LLAMA.headSize() / 2;
    float[] out = new float[values.length];
    int to = 0;
    for (int head = 0; head < values.length / columns / LLAMA.headSize(); head++) {
      for (int j = 0; j < half; j++) {
        for (int side = 0; side < 2; side++) {
          for (int c = 0; c < columns; c++) {
            out[to++] = values[((head * 2 + side) * half + j) * columns + c];
          }
        }
      }
    }
    return out;
  }

  @Test
  void gemmasGainsAreOneMore() throws IOException {
    TinyFolder gemma = tiny("gemma3").as("BF16");
    try (ModelSource source = ModelSources.open(gemma.write(folder))) {
      float[] stored = weight(gemma, "model.layers.0.self_attn.q_norm.weight");
      float[] gains = values(source, "blk.0.attn_q_norm.weight");
      for (int i = 0; i < stored.length; i++) {
        assertThat(gains[i]).isEqualTo(1 + stored[i]);
      }
      assertThat(values(source, "blk.0.attn_q.weight"))
          .containsExactly(weight(gemma, "model.layers.0.self_attn.q_proj.weight"));
    }
  }

  @Test
  void gemma3sEmbeddingIsCutToTheVocabulary() throws IOException {
    tiny("gemma3").write(folder);
    changeConfig(config -> config.put("vocab_size", 264));
    try (ModelSource whole = ModelSources.open(folder)) {
      assertThat(whole.tensors().get("token_embd.weight").shape().rows()).isEqualTo(264);
    }
    Files.writeString(
        folder.resolve("tokenizer.json"),
        Files.readString(folder.resolve("tokenizer.json"))
            .replaceAll("\\{[^{]*\"<\\|pad\\|>\"[^}]*\\},?", ""));
    Files.writeString(
        folder.resolve("tokenizer.json"),
        Files.readString(folder.resolve("tokenizer.json")).replace(",]", "]"));
    changeConfig(config -> config.remove("vocab_size"));
    try (ModelSource cut = ModelSources.open(folder)) {
      assertThat(cut.tensors().get("token_embd.weight").shape().rows()).isEqualTo(263);
      assertThat(cut.keys().texts("tokenizer.ggml.tokens")).hasSize(263);
    }
  }

  /// Test 5 of the card, on Llama 3.1's own numbers.
  @Test
  void llama3sFactorsRiseFromOneToTheFactor() {
    JsonObject rope =
        JsonObject.parse(
            "config.json",
            "{\"factor\":8.0,\"low_freq_factor\":1.0,\"high_freq_factor\":4.0,\"original_max_position_embeddings\":8192}");
    Tensor tensor = RopeFactors.llama3(rope, 128, 500_000);
    float[] factors = new float[64];
    tensor.rows(0, 1, factors, 0);
    assertThat(tensor.name()).isEqualTo("rope_freqs.weight");
    assertThat(factors[0]).isEqualTo(1);
    assertThat(factors[28]).isEqualTo(1);
    assertThat(factors[63]).isEqualTo(8);
    assertThat(factors[36]).isEqualTo(8);
    assertThat(factors[32]).isStrictlyBetween(1f, 8f);
    for (int j = 1; j < 64; j++) {
      assertThat(factors[j]).isGreaterThanOrEqualTo(factors[j - 1]);
    }
  }

  /// What is wrong, and what the message must name.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemma2|query_pre_attn_scalar|99|query_pre_attn_scalar 99",
        "gemma2|attn_logit_softcapping|null|attn_logit_softcapping",
        "gemma3|sliding_window_pattern|4|sliding_window_pattern 4",
        "qwen2|use_sliding_window|true|use_sliding_window",
        "llama|hidden_act|\"gelu\"|activation 'gelu'",
        "llama|rope_scaling|{\"rope_type\":\"dynamic\",\"factor\":2}|rope_scaling of type 'dynamic'",
        "llama|architectures|[\"T5Model\"]|known are: LLaMAForCausalLM, LlamaForCausalLM",
        "llama|quantization_config|{\"quant_method\":\"aqlm\"}|quantized by 'aqlm'",
        "llama|num_attention_heads|\"4\"|num_attention_heads: found the string '4'",
        "llama|num_hidden_layers|-1|num_hidden_layers: found -1",
        "llama|head_dim|60|rows for heads of 60",
        "llama|head_dim|1|heads of 1",
        "llama|head_dim|2147483646|head_dim: found 2147483646",
        "phi3|num_attention_heads|0|num_attention_heads: found 0",
        "gemma2|num_attention_heads|0|num_attention_heads: found 0",
        "qwen3|tie_word_embeddings|false|",
        "qwen2|tie_word_embeddings|false|no lm_head.weight",
      })
  void refusesWhatGgufCannotSay(String family, String key, String value, @Nullable String message)
      throws IOException {
    tiny(family).write(folder);
    Object parsed = JsonText.parse("test", value);
    changeConfig(config -> config.put(key, parsed));
    if (message == null) {
      ModelSources.open(folder).close();
      return;
    }
    assertThatThrownBy(() -> ModelSources.open(folder))
        .isInstanceOfAny(UnsupportedModelException.class, MalformedFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesATensorThatHasNoPlace() throws IOException {
    LLAMA.write(folder);
    Files.delete(folder.resolve(Shards.INDEX));
    new SafetensorsWriter()
        .add("model.embed_tokens.weight", List.of(264L, 1L), new float[264], "F32")
        .add("model.layers.0.self_attn.rotary_emb.inv_freq", List.of(1L), new float[1], "F32")
        .add("model.layers.0.self_attn.sinks", List.of(1L), new float[1], "F32")
        .write(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> ModelSources.open(folder))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("self_attn.sinks has no place in a llama model");
  }

  private void changeConfig(Consumer<Map<String, @Nullable Object>> change) throws IOException {
    Path file = folder.resolve("config.json");
    Map<String, @Nullable Object> config = new LinkedHashMap<>(JsonObject.read(file).values());
    change.accept(config);
    Files.writeString(file, JsonWriter.string(config));
  }

  private static float[] weight(TinyFolder tiny, String name) {
    return tiny.weights().get(name).values();
  }

  private static float[] values(ModelSource source, String name) {
    Tensor tensor = source.tensors().get(name);
    float[] values = new float[(int) tensor.shape().elements()];
    tensor.rows(0, (int) tensor.shape().rows(), values, 0);
    return values;
  }
}
