package halftone.huggingface;

import halftone.model.UnsupportedModelException;
import halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What most families share: the names of the parts, and the keys of sizes.
abstract class DecoderFamily implements Family {
  private static final Map<String, String> PARTS =
      Map.ofEntries(
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("post_attention_layernorm", "ffn_norm"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"));

  @Override
  public Map<String, String> parts() {
    return PARTS;
  }

  /// The shared names, some of them meaning another part here.
  static Map<String, String> partsWith(Map<String, String> others) {
    Map<String, String> parts = new LinkedHashMap<>(PARTS);
    parts.putAll(others);
    return parts;
  }

  @Override
  public Change change(String name, Config config) {
    return new Change.Keep();
  }

  @Override
  public List<Tensor> extras(Config config) {
    return List.of();
  }

  /// What a configuration may leave out; families differ.
  record Defaults(int context, int heads, int keyValueHeads, int headSize, double ropeBase) {
    /// Everything must be said but the number of key-value heads, and the base of rotation.
    static final Defaults STRICT = new Defaults(0, 0, 0, 0, 10_000);
  }

  /// Writes the keys of sizes and of rotation.
  final void describeSizes(Config config, ArchitectureKeys keys, Defaults defaults) {
    JsonObject json = config.json();
    int heads = sizeOr(json, "num_attention_heads", defaults.heads());
    int keyValueHeads =
        json.intOr(
            "num_key_value_heads",
            defaults.keyValueHeads() == 0 ? heads : defaults.keyValueHeads());
    keys.size("context_length", sizeOr(json, "max_position_embeddings", defaults.context()));
    keys.size("embedding_length", config.width());
    keys.size("block_count", config.blocks());
    keys.size("feed_forward_length", json.requireInt("intermediate_size"));
    keys.size("attention.head_count", heads);
    keys.size("attention.head_count_kv", keyValueHeads);
    keys.real("attention.layer_norm_rms_epsilon", json.requireReal("rms_norm_eps"));
    int headSize = config.headSizeOr(defaults.headSize());
    if (headSize > 0) {
      keys.size("attention.key_length", headSize);
      keys.size("attention.value_length", headSize);
    }
    keys.real("rope.freq_base", config.ropeBaseOr(defaults.ropeBase()));
    describeScaling(config, keys);
  }

  /// Linear and yarn scaling have keys; what else a family knows, it writes itself.
  void describeScaling(Config config, ArchitectureKeys keys) {
    switch (config.ropeType()) {
      case "default" -> {}
      case "linear", "yarn" -> {
        JsonObject rope = config.ropeParameters().orElseThrow();
        keys.text("rope.scaling.type", config.ropeType());
        keys.real("rope.scaling.factor", rope.requireReal("factor"));
        if (rope.has("original_max_position_embeddings")) {
          keys.size(
              "rope.scaling.original_context_length",
              rope.requireInt("original_max_position_embeddings"));
        }
      }
      default -> throw unsupported(config, "rope_scaling of type '" + config.ropeType() + "'");
    }
  }

  static int headSize(Config config) {
    return config.headSizeOr(config.width() / config.heads());
  }

  private static int sizeOr(JsonObject json, String key, int absent) {
    return absent == 0 ? json.requireInt(key) : json.intOr(key, absent);
  }

  static UnsupportedModelException unsupported(Config config, String what) {
    return new UnsupportedModelException(
        config.json().file() + ": " + what + " has no place in a GGUF file of this architecture");
  }
}
