package halftone.model;

import halftone.model.DecoderBlock.AttentionStyle;

/// Gemma 3 (its text part): the blocks of [Gemma2Architecture] with normalized queries and keys and
/// no cap on scores; five blocks of six see a window only and rotate by a base of their own, with
/// unscaled positions. Source: llama.cpp, `llm_build_gemma3`, August 2026.
final class Gemma3Architecture extends GemmaArchitecture {
  private static final int PERIOD = 6;
  private static final int BLOCKS_OF_27B = 62;

  @Override
  public String id() {
    return "gemma3";
  }

  @Override
  void build(DecoderBlock block, Layer layer) {
    DecoderSizes sizes = layer.sizes();
    boolean windowed = layer.index() % PERIOD < PERIOD - 1;
    String prefix = sizes.prefix();
    float base = layer.metadata().floatOr(prefix + "rope.freq_base_swa", 10_000);
    int window = layer.metadata().intOr(prefix + "attention.sliding_window", 0);
    block.sandwich(
        new AttentionStyle(
            true,
            true,
            windowed ? base : sizes.ropeBase(),
            windowed ? RopeScaling.NONE : layer.scaling(),
            scoreScale(sizes, BLOCKS_OF_27B),
            windowed ? window : 0,
            0));
  }

  @Override
  float defaultLogitCap() {
    return 0;
  }
}
