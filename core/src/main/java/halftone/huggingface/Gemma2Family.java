package halftone.huggingface;

import java.util.Set;

/// Gemma 2.
final class Gemma2Family extends GemmaFamily {
  private static final int BLOCKS_OF_27B = 46;

  @Override
  public String id() {
    return "gemma2";
  }

  @Override
  public Set<String> classes() {
    return Set.of("Gemma2ForCausalLM");
  }

  @Override
  public void describe(Config config, ArchitectureKeys keys) {
    config.requireActivation("gelu_pytorch_tanh");
    describeSizes(config, keys, new Defaults(8192, 0, 0, 256, 10_000));
    requireScoreScale(config, config.heads(), config.headSizeOr(256), BLOCKS_OF_27B);
    requireWindows(config, block -> block % 2 == 0);
    keys.real("attn_logit_softcapping", config.json().requireReal("attn_logit_softcapping"));
    keys.real("final_logit_softcapping", config.json().requireReal("final_logit_softcapping"));
    keys.size("attention.sliding_window", config.json().requireInt("sliding_window"));
  }
}
