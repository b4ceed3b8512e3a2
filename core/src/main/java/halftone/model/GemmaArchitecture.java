package halftone.model;

import java.util.List;

/// What the Gemma generations share: embeddings times √width, tied output, capped logits.
abstract class GemmaArchitecture extends DecoderArchitecture {
  @Override
  List<Op> afterEmbedding(DecoderSizes sizes) {
    return List.of(new Op.Scale((float) Math.sqrt(sizes.width())));
  }

  @Override
  List<Op> afterOutput(Metadata metadata) {
    float cap = metadata.floatOr(id() + ".final_logit_softcapping", defaultLogitCap());
    return cap == 0 ? List.of() : List.of(new Op.SoftCap(cap));
  }

  /// 0 for no cap.
  abstract float defaultLogitCap();

  /// The factor of attention scores. The largest model of a generation, known by its number of
  /// blocks, divides by the root of width / heads, which is not its head size.
  static float scoreScale(DecoderSizes sizes, int blocksOfLargest) {
    boolean largest = sizes.blocks() == blocksOfLargest;
    int divisor = largest ? sizes.width() / sizes.heads() : sizes.headSize();
    return (float) (1 / Math.sqrt(divisor));
  }
}
