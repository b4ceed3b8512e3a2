package halftone.huggingface;

import java.util.Set;

/// The language model of Gemma 3, alone or beside a vision tower, which is left out. Its
/// configuration may leave out what its class has by default.
final class Gemma3Family extends GemmaFamily {
  private static final int BLOCKS_OF_27B = 62;
  private static final int PERIOD = 6;
  private static final Defaults DEFAULTS = new Defaults(131_072, 8, 4, 256, 1_000_000);

  @Override
  public String id() {
    return "gemma3";
  }

  @Override
  public Set<String> classes() {
    return Set.of("Gemma3ForCausalLM", "Gemma3ForConditionalGeneration");
  }

  @Override
  public void describe(Config config, ArchitectureKeys keys) {
    JsonObject json = config.json();
    config.requireActivation("gelu_pytorch_tanh");
    describeSizes(config, keys, DEFAULTS);
    int heads = json.has("num_attention_heads") ? config.heads() : DEFAULTS.heads();
    requireScoreScale(config, heads, config.headSizeOr(DEFAULTS.headSize()), BLOCKS_OF_27B);
    int period = json.intOr("sliding_window_pattern", PERIOD);
    if (period != PERIOD) {
      throw unsupported(config, "sliding_window_pattern " + period);
    }
    requireWindows(config, block -> block % PERIOD < PERIOD - 1);
    keys.size("attention.sliding_window", json.requireInt("sliding_window"));
    keys.real("rope.freq_base_swa", localBase(config));
    if (json.has("final_logit_softcapping")) {
      keys.real("final_logit_softcapping", json.requireReal("final_logit_softcapping"));
    }
  }

  private static double localBase(Config config) {
    double absent = config.json().realOr("rope_local_base_freq", 10_000);
    return config
        .json()
        .object("rope_parameters")
        .flatMap(rope -> rope.object("sliding_attention"))
        .map(rope -> rope.realOr("rope_theta", absent))
        .orElse(absent);
  }

  @Override
  public Change change(String name, Config config) {
    return name.equals(TensorNames.EMBEDDING)
        ? new Change.CutToVocabulary()
        : super.change(name, config);
  }
}
