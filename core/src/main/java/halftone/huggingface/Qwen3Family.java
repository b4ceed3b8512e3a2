package halftone.huggingface;

import java.util.Set;

/// Qwen3: Qwen2 with norms of queries and keys; heads of 128 where nothing is said.
final class Qwen3Family extends Qwen2Family {
  @Override
  public String id() {
    return "qwen3";
  }

  @Override
  public Set<String> classes() {
    return Set.of("Qwen3ForCausalLM");
  }

  @Override
  Defaults defaults() {
    return new Defaults(0, 0, 0, 128, Defaults.STRICT.ropeBase());
  }
}
