package halftone.preset;

import halftone.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tensors that stay as they are in every mixture: small, sensitive, or no weights of a product at
/// all.
final class NeverQuantized {
  private static final List<String> NAMES = List.of("position_embd.weight", "token_types.weight");

  private static final List<String> FRAGMENTS =
      List.of(
          "_norm.weight",
          // Routers of mixtures of experts.
          "ffn_gate_inp.weight",
          "ffn_gate_tid2eid.weight",
          "altup",
          "laurel",
          "per_layer_model_proj",
          // Convolutions and mixing vectors of recurrent networks.
          "ssm_conv1d",
          "shortconv.conv.weight",
          "time_mix_first.weight",
          "time_mix_w0.weight",
          "time_mix_w1.weight",
          "time_mix_w2.weight",
          "time_mix_v0.weight",
          "time_mix_v1.weight",
          "time_mix_v2.weight",
          "time_mix_a0.weight",
          "time_mix_a1.weight",
          "time_mix_a2.weight",
          "time_mix_g1.weight",
          "time_mix_g2.weight",
          "time_mix_decay_w1.weight",
          "time_mix_decay_w2.weight",
          "time_mix_lerp_fused.weight",
          "attn_rel_b.weight",
          "indexer.k_proj.weight",
          "indexer.q_proj.weight",
          // Vision and audio towers.
          ".position_embd",
          "sam.pos_embd",
          "sam.neck.",
          "sam.net_",
          ".rel_pos",
          ".patch_embd",
          ".patch_merger",
          "a.rvq.codebook",
          "mm.a.code_embd");

  private NeverQuantized() {}

  /// Why a tensor is left alone; null when it may be quantized.
  static @Nullable String reason(String name, Shape shape) {
    if (dimensions(shape) < 2) {
      return "never quantized: a vector";
    }
    if (!name.endsWith("weight")) {
      return "never quantized: no weight";
    }
    boolean named = NAMES.contains(name) || FRAGMENTS.stream().anyMatch(name::contains);
    return named ? "never quantized: small and sensitive" : null;
  }

  /// As GGML counts them: trailing extents of 1 are no dimensions.
  private static int dimensions(Shape shape) {
    int count = shape.extents().size();
    while (count > 1 && shape.extents().get(count - 1) == 1) {
      count--;
    }
    return count;
  }
}
