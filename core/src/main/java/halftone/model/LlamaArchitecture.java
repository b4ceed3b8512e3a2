package halftone.model;

import halftone.model.DecoderBlock.AttentionStyle;

/// Llama, Mistral and SmolLM: pre-norm blocks of rotary grouped-query attention and a SiLU-gated
/// feed-forward layer.
///
/// h = x + Wo · attention(rope(Wq n), rope(Wk n), Wv n) with n = rms(x); y = h + Wdown (silu(Wgate
/// m) ⊙ Wup m) with m = rms(h). Rotary pairs are neighbours (2j, 2j + 1); Llama 3's scaling comes
/// as a tensor of frequency divisors. Source: llama.cpp, `llm_build_llama`, August 2026.
final class LlamaArchitecture extends DecoderArchitecture {
  @Override
  public String id() {
    return "llama";
  }

  @Override
  void build(DecoderBlock block, Layer layer) {
    block.preNorm(AttentionStyle.plain(layer.sizes(), false, layer.scaling()));
  }
}
