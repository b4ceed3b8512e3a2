package halftone.model;

import halftone.model.DecoderBlock.AttentionStyle;

/// Gemma 2: embeddings times √width; blocks that are normalized before and after each layer; a
/// GELU-gated feed-forward layer; capped attention scores and logits; every other block, the first
/// one among them, sees a window only. Source: llama.cpp, `llm_build_gemma2_iswa`, August 2026.
final class Gemma2Architecture extends GemmaArchitecture {
  private static final int BLOCKS_OF_27B = 46;

  @Override
  public String id() {
    return "gemma2";
  }

  @Override
  void build(DecoderBlock block, Layer layer) {
    DecoderSizes sizes = layer.sizes();
    Metadata metadata = layer.metadata();
    String prefix = sizes.prefix();
    int window = metadata.intOr(prefix + "attention.sliding_window", 4096);
    block.sandwich(
        new AttentionStyle(
            true,
            false,
            sizes.ropeBase(),
            layer.scaling(),
            scoreScale(sizes, BLOCKS_OF_27B),
            layer.index() % 2 == 0 ? window : 0,
            metadata.floatOr(prefix + "attn_logit_softcapping", 50)));
  }

  @Override
  float defaultLogitCap() {
    return 30;
  }
}
