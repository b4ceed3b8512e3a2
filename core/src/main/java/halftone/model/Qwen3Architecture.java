package halftone.model;

import halftone.model.DecoderBlock.AttentionStyle;

/// Qwen3: the blocks of [LlamaArchitecture] with every head of queries and keys normalized before
/// it is rotated, and rotary pairs half a head apart; the head size need not be width / heads.
/// Source: llama.cpp, `llm_build_qwen3`, August 2026.
final class Qwen3Architecture extends DecoderArchitecture {
  @Override
  public String id() {
    return "qwen3";
  }

  @Override
  void build(DecoderBlock block, Layer layer) {
    block.preNorm(AttentionStyle.plain(layer.sizes(), true, layer.scaling()).withHeadNorms());
  }
}
