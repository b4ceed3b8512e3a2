package halftone.huggingface;

import halftone.model.MalformedFileException;
import halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Phi-3 and Phi-4: fused products stay fused; longrope brings two tensors of frequency divisors
/// and a factor of sines and cosines.
final class Phi3Family extends DecoderFamily {
  private static final Map<String, String> PARTS =
      partsWith(Map.of("self_attn.qkv_proj", "attn_qkv", "mlp.gate_up_proj", "ffn_up"));

  @Override
  public String id() {
    return "phi3";
  }

  @Override
  public Set<String> classes() {
    return Set.of("Phi3ForCausalLM");
  }

  @Override
  public Map<String, String> parts() {
    return PARTS;
  }

  @Override
  public void describe(Config config, ArchitectureKeys keys) {
    config.requireActivation("silu");
    describeSizes(config, keys, Defaults.STRICT);
    keys.size("rope.dimension_count", rotated(config));
    keys.size("rope.scaling.original_context_length", original(config));
    // 0 tells loaders of Phi-4, whose files do not name a window.
    keys.size("attention.sliding_window", config.json().intOr("sliding_window", 0));
  }

  @Override
  void describeScaling(Config config, ArchitectureKeys keys) {
    switch (config.ropeType()) {
      case "default" -> {}
      case "longrope", "su", "yarn" ->
          keys.real("rope.scaling.attn_factor", magnitude(config, config.ropeType()));
      default -> throw unsupported(config, "rope_scaling of type '" + config.ropeType() + "'");
    }
  }

  /// Ding et al. 2024, arXiv 2402.13753: √(1 + ln s / ln ctx0) for a context s times the original.
  private static double magnitude(Config config, String type) {
    double scale = config.json().requireReal("max_position_embeddings") / original(config);
    if (scale <= 1) {
      return 1;
    }
    return type.equals("yarn")
        ? 0.1 * Math.log(scale) + 1
        : Math.sqrt(1 + Math.log(scale) / Math.log(original(config)));
  }

  private static int original(Config config) {
    JsonObject json = config.json();
    return json.intOr(
        "original_max_position_embeddings",
        config
            .ropeParameters()
            .filter(rope -> rope.has("original_max_position_embeddings"))
            .map(rope -> rope.requireInt("original_max_position_embeddings"))
            .orElseGet(() -> json.requireInt("max_position_embeddings")));
  }

  private static int rotated(Config config) {
    double newer =
        config.ropeParameters().map(rope -> rope.realOr("partial_rotary_factor", 1)).orElse(1.0);
    double share = config.json().realOr("partial_rotary_factor", newer);
    return (int) (share * config.width()) / config.heads();
  }

  @Override
  public List<Tensor> extras(Config config) {
    if (config.ropeType().equals("default")) {
      return List.of();
    }
    JsonObject rope = config.ropeParameters().orElseThrow();
    return List.of(
        RopeFactors.tensor("rope_factors_long.weight", factors(rope, "long_factor", config)),
        RopeFactors.tensor("rope_factors_short.weight", factors(rope, "short_factor", config)));
  }

  private static float[] factors(JsonObject rope, String key, Config config) {
    List<@Nullable Object> elements = rope.list(key);
    if (elements.size() != rotated(config) / 2) {
      throw rope.malformed(
          key, elements.size() + " factors", "one a rotated pair: " + rotated(config) / 2);
    }
    float[] factors = new float[elements.size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = factor(rope, key, elements.get(i));
    }
    return factors;
  }

  private static float factor(JsonObject rope, String key, @Nullable Object element) {
    if (element instanceof Number number && number.doubleValue() > 0) {
      return number.floatValue();
    }
    throw new MalformedFileException(
        rope.file(), key, String.valueOf(element), "factors are positive numbers");
  }
}
