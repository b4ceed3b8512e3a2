package halftone.huggingface;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// GGUF's names of a checkpoint's tensors, and their order.
///
/// Example: `model.layers.3.self_attn.q_proj.weight` of a llama is `blk.3.attn_q.weight`.
record TensorNames(Family family) {
  static final String EMBEDDING = "token_embd.weight";
  static final String OUTPUT = "output.weight";

  private static final Pattern LAYER =
      Pattern.compile("layers\\.([0-9]{1,4})\\.(.+)\\.(weight|bias)");

  /// In the order in which a token meets them.
  private static final List<String> PARTS =
      List.of(
          "attn_norm",
          "attn_q",
          "attn_k",
          "attn_v",
          "attn_qkv",
          "attn_q_norm",
          "attn_k_norm",
          "attn_output",
          "post_attention_norm",
          "ffn_norm",
          "ffn_gate",
          "ffn_up",
          "ffn_down",
          "post_ffw_norm");

  /// Buffers that old checkpoints store though they follow from the configuration, and parts that
  /// are no weights of the language model.
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          ".*\\.rotary_emb\\.inv_freq|.*\\.(masked_bias|attn\\.bias)"
              + "|.*\\.(input_scale|activation_scale|k_scale|v_scale|weight_scale|weight_scale_inv)"
              + "|(model\\.)?(vision_tower|multi_modal_projector)\\..*");

  /// Whether a tensor has no place of its own in the converted model.
  static boolean isLeftOut(String stored) {
    return LEFT_OUT.matcher(stored).matches();
  }

  /// The name of a packed weight were it not packed.
  static String unpacked(String stored) {
    return stored.endsWith(PackedWeight.CODES)
        ? stored.substring(0, stored.length() - PackedWeight.CODES.length()) + ".weight"
        : stored;
  }

  /// The GGUF name, empty where the family has no such tensor.
  Optional<String> of(String stored) {
    String name = stored.replaceFirst("^(model\\.)?language_model\\.", "");
    String plain = name.replaceFirst("^model\\.", "");
    return switch (plain) {
      case "embed_tokens.weight" -> Optional.of(EMBEDDING);
      case "norm.weight" -> Optional.of("output_norm.weight");
      case "lm_head.weight" -> Optional.of(OUTPUT);
      default -> ofLayer(plain);
    };
  }

  private Optional<String> ofLayer(String name) {
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return Optional.empty();
    }
    String part = family.parts().get(layer.group(2));
    return Optional.ofNullable(part)
        .map(known -> "blk.%d.%s.%s".formatted(index(layer), known, layer.group(3)));
  }

  private static int index(Matcher layer) {
    return Integer.parseInt(layer.group(1));
  }

  /// Where a tensor of this GGUF name comes in the file.
  static int rank(String name) {
    if (name.startsWith("blk.")) {
      String[] pieces = name.split("\\.", -1);
      int within = 2 * PARTS.indexOf(pieces[2]) + (pieces[3].equals("bias") ? 1 : 0);
      return 100 * (1 + Integer.parseInt(pieces[1])) + within;
    }
    return name.equals(EMBEDDING) ? 0 : Integer.MAX_VALUE - (name.startsWith("output") ? 0 : 1);
  }
}
