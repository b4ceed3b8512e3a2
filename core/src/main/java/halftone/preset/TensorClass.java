package halftone.preset;

/// What a tensor is, by its name; the rules of the mixtures speak of these.
enum TensorClass {
  OUTPUT,
  EMBEDDING,
  /// attn_v, and the fused tensors that hold it.
  VALUE,
  KEY,
  QUERY,
  ATTENTION_OUTPUT,
  UP,
  GATE,
  DOWN,
  OTHER;

  /// The first that fits: expert stacks (`ffn_down_exps`) are of their plain tensor's class.
  static TensorClass of(String name) {
    if (name.equals("output.weight")) {
      return OUTPUT;
    }
    if (name.equals("token_embd.weight") || name.equals("per_layer_token_embd.weight")) {
      return EMBEDDING;
    }
    return attention(name);
  }

  private static TensorClass attention(String name) {
    if (name.contains("attn_qkv.weight")
        || name.contains("attn_kv_b.weight")
        || name.contains("attn_v.weight")) {
      return VALUE;
    }
    if (name.contains("attn_k.weight")) {
      return KEY;
    }
    if (name.contains("attn_q.weight")) {
      return QUERY;
    }
    return name.contains("attn_output.weight") ? ATTENTION_OUTPUT : feedForward(name);
  }

  private static TensorClass feedForward(String name) {
    if (name.contains("ffn_up")) {
      return UP;
    }
    if (name.contains("ffn_gate")) {
      return GATE;
    }
    return name.contains("ffn_down") ? DOWN : OTHER;
  }
}
