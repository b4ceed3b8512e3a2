package halftone.huggingface;

import java.util.Set;

/// Qwen2 and Qwen2.5: nothing is reordered.
class Qwen2Family extends DecoderFamily {
  @Override
  public String id() {
    return "qwen2";
  }

  @Override
  public Set<String> classes() {
    return Set.of("Qwen2ForCausalLM");
  }

  @Override
  public void describe(Config config, ArchitectureKeys keys) {
    config.requireActivation("silu");
    if (config.json().flagOr("use_sliding_window", false)) {
      throw unsupported(config, "use_sliding_window");
    }
    describeSizes(config, keys, defaults());
  }

  Defaults defaults() {
    return Defaults.STRICT;
  }
}
