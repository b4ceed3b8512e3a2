package halftone.huggingface;

import com.grack.nanojson.JsonWriter;
import halftone.model.Metadata;
import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A small seeded checkpoint of any family as Hugging Face's libraries write it, with the
/// vocabulary of [TinyLlama]: grouped heads, a head size unlike width / heads where the family
/// allows it, biases where there are some, windows shorter than a test's text, and every kind of
/// rope scaling.
///
/// @param family GGUF's name of the architecture
/// @param type of the weights: F32, F16 or BF16
record TinyFolder(String family, int blocks, int headSize, String type, long seed) {
  static final int WIDTH = 64;
  static final int HEADS = 4;
  static final int KEY_VALUE_HEADS = 2;
  static final int FEED_FORWARD = 192;
  static final int WINDOW = 24;
  static final double EPSILON = 1e-5;
  static final double BASE = 20_000;
  static final int CONTEXT = 512;

  /// One of every family.
  static final List<TinyFolder> ALL =
      List.of(
          new TinyFolder("llama", 2, 16, "F32", 1),
          new TinyFolder("qwen2", 2, 16, "F32", 2),
          new TinyFolder("qwen3", 2, 24, "F32", 3),
          new TinyFolder("gemma2", 3, 24, "F32", 4),
          new TinyFolder("gemma3", 7, 24, "F32", 5),
          new TinyFolder("phi3", 2, 16, "F32", 6));

  /// A weight in memory, extents as PyTorch orders them.
  record Values(List<Long> extents, float[] values) {}

  TinyFolder as(String other) {
    return new TinyFolder(family, blocks, headSize, other, seed);
  }

  boolean isGemma() {
    return family.startsWith("gemma");
  }

  boolean isTied() {
    return !family.equals("phi3") && !family.equals("qwen3");
  }

  /// Writes the folder, its weights in two shards.
  Path write(Path folder) throws IOException {
    Files.writeString(folder.resolve("config.json"), JsonWriter.string(config()));
    Files.writeString(folder.resolve("tokenizer.json"), JsonWriter.string(tokenizer()));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\":\"<|endoftext|>\",\"eos_token\":{\"content\":\"<|im_end|>\"},\"chat_template\":\"{{ x }}\"}");
    SafetensorsWriter[] shards = {new SafetensorsWriter(), new SafetensorsWriter()};
    SequencedMap<String, Object> map = new LinkedHashMap<>();
    weights()
        .forEach(
            (name, weight) -> {
              int shard = map.size() % 2;
              shards[shard].add(name, weight.extents(), weight.values(), type);
              map.put(name, shardName(shard));
            });
    for (int i = 0; i < 2; i++) {
      shards[i].write(folder.resolve(shardName(i)));
    }
    Files.writeString(folder.resolve(Shards.INDEX), JsonWriter.string(Map.of("weight_map", map)));
    return folder;
  }

  private static String shardName(int shard) {
    return "model-%05d-of-00002.safetensors".formatted(shard + 1);
  }

  SequencedMap<String, @Nullable Object> config() {
    SequencedMap<String, @Nullable Object> config = new LinkedHashMap<>();
    String name = Character.toUpperCase(family.charAt(0)) + family.substring(1) + "ForCausalLM";
    config.put("architectures", List.of(name));
    config.put("hidden_size", WIDTH);
    config.put("num_hidden_layers", blocks);
    config.put("intermediate_size", FEED_FORWARD);
    config.put("num_attention_heads", HEADS);
    config.put("num_key_value_heads", KEY_VALUE_HEADS);
    config.put("max_position_embeddings", CONTEXT);
    config.put("rms_norm_eps", EPSILON);
    config.put("rope_theta", BASE);
    config.put("rope_scaling", null);
    config.put("tie_word_embeddings", isTied());
    config.put("vocab_size", TinyLlama.VOCABULARY);
    config.put(
        isGemma() ? "hidden_activation" : "hidden_act", isGemma() ? "gelu_pytorch_tanh" : "silu");
    if (headSize != WIDTH / HEADS) {
      config.put("head_dim", headSize);
    }
    special(config);
    return config;
  }

  private void special(SequencedMap<String, @Nullable Object> config) {
    switch (family) {
      case "llama" ->
          config.put(
              "rope_scaling",
              Map.of(
                  "rope_type", "llama3",
                  "factor", 8.0,
                  "low_freq_factor", 1.0,
                  "high_freq_factor", 4.0,
                  "original_max_position_embeddings", 64));
      case "gemma2" -> {
        config.put("query_pre_attn_scalar", headSize);
        config.put("sliding_window", WINDOW);
        config.put("attn_logit_softcapping", 2.0);
        config.put("final_logit_softcapping", 3.0);
      }
      case "gemma3" -> {
        config.put("query_pre_attn_scalar", headSize);
        config.put("sliding_window", WINDOW);
        config.put("rope_local_base_freq", 10_000.0);
        config.put("rope_scaling", Map.of("rope_type", "linear", "factor", 8.0));
      }
      case "phi3" -> {
        config.put("original_max_position_embeddings", 256);
        config.put(
            "rope_scaling",
            Map.of("type", "longrope", "short_factor", factors(1.1), "long_factor", factors(4)));
      }
      default -> {}
    }
  }

  List<Double> factors(double first) {
    List<Double> factors = new ArrayList<>();
    for (int j = 0; j < headSize / 2; j++) {
      factors.add(first + 0.25 * j);
    }
    return factors;
  }

  /// The vocabulary of [TinyLlama] as a `tokenizer.json`.
  static Map<String, Object> tokenizer() {
    Metadata metadata = new Metadata("tiny", TinyLlama.seeded(1).metadata());
    List<String> tokens = metadata.texts("tokenizer.ggml.tokens");
    SequencedMap<String, Object> vocabulary = new LinkedHashMap<>();
    List<Object> added = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      if (id < TinyLlama.BOS) {
        vocabulary.put(tokens.get(id), id);
      } else {
        added.add(Map.of("id", id, "content", tokens.get(id), "special", true));
      }
    }
    List<Object> steps =
        List.of(
            Map.of("type", "Digits", "individual_digits", true),
            Map.of("type", "ByteLevel", "add_prefix_space", false, "use_regex", true));
    return Map.of(
        "added_tokens", added,
        "pre_tokenizer", Map.of("type", "Sequence", "pretokenizers", steps),
        "model",
            Map.of(
                "type",
                "BPE",
                "vocab",
                vocabulary,
                "merges",
                List.copyOf(metadata.texts("tokenizer.ggml.merges"))));
  }

  /// The weights, exact in the folder's type.
  SequencedMap<String, Values> weights() {
    return new TinyWeights(this, new Random(seed)).all();
  }
}
