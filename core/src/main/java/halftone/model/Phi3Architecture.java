package halftone.model;

import halftone.model.DecoderBlock.AttentionStyle;

/// Phi-3: pre-norm blocks whose query, key and value rows are one product, and whose gate and up
/// rows are another. The sliding window that its files name is not applied, as llama.cpp does not.
/// Long contexts take other frequency divisors. Source: llama.cpp, `llm_build_phi3`, August 2026.
final class Phi3Architecture extends DecoderArchitecture {
  @Override
  public String id() {
    return "phi3";
  }

  @Override
  void build(DecoderBlock block, Layer layer) {
    AttentionStyle style = AttentionStyle.plain(layer.sizes(), true, layer.scaling());
    String normed = block.norm("attn_norm", Stage.HIDDEN);
    String stream = block.residual("attn_residual", Stage.HIDDEN, block.attention(normed, style));
    String inner = block.fusedFeedForward(block.norm("ffn_norm", stream), Activation.SILU);
    block.residual("ffn_residual", stream, inner);
  }
}
