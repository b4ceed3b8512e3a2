package halftone.model;

import halftone.model.DecoderBlock.AttentionStyle;

/// Qwen2: the blocks of [LlamaArchitecture] with biases on queries, keys and values, and rotary
/// pairs half a head apart. Source: llama.cpp, `llm_build_qwen2`, August 2026.
final class Qwen2Architecture extends DecoderArchitecture {
  @Override
  public String id() {
    return "qwen2";
  }

  @Override
  void build(DecoderBlock block, Layer layer) {
    block.preNorm(AttentionStyle.plain(layer.sizes(), true, layer.scaling()));
  }
}
