package halftone.huggingface;

import halftone.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// Llama, Mistral and what is built like them. Rows of queries and keys are interleaved; Llama 3's
/// scaling becomes a tensor of frequency divisors. The window of the first Mistral is dropped, as
/// llama.cpp drops it: up to its length, 4,096 tokens, nothing changes.
final class LlamaFamily extends DecoderFamily {
  @Override
  public String id() {
    return "llama";
  }

  @Override
  public Set<String> classes() {
    return Set.of("LlamaForCausalLM", "LLaMAForCausalLM", "MistralForCausalLM");
  }

  @Override
  public void describe(Config config, ArchitectureKeys keys) {
    config.requireActivation("silu", "swish");
    describeSizes(config, keys, Defaults.STRICT);
    keys.size("rope.dimension_count", config.rotatingHeadSize());
  }

  @Override
  void describeScaling(Config config, ArchitectureKeys keys) {
    if (!config.ropeType().equals("llama3")) {
      super.describeScaling(config, keys);
    }
  }

  @Override
  public Change change(String name, Config config) {
    return name.matches("blk\\.[0-9]+\\.attn_[qk]\\.(weight|bias)")
        ? new Change.Interleave(config.rotatingHeadSize())
        : new Change.Keep();
  }

  @Override
  public List<Tensor> extras(Config config) {
    return config.ropeType().equals("llama3")
        ? List.of(
            RopeFactors.llama3(
                config.ropeParameters().orElseThrow(),
                config.rotatingHeadSize(),
                config.ropeBaseOr(Defaults.STRICT.ropeBase())))
        : List.of();
  }
}
