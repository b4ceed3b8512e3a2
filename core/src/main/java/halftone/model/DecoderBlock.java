package halftone.model;

import java.util.ArrayList;
import java.util.List;

/// One block of a decoder while its graph is built: looks tensors up by name, checks their shapes,
/// and names the values between nodes. Every method adds nodes and gives the name of the value they
/// end in.
final class DecoderBlock {
  private final DecoderSizes sizes;
  private final TensorTable table;
  private final int index;
  private final String prefix;
  private final List<Node> nodes = new ArrayList<>();

  DecoderBlock(DecoderSizes sizes, TensorTable table, int index) {
    this.sizes = sizes;
    this.table = table;
    this.index = index;
    this.prefix = "blk." + index + ".";
  }

  /// How a block attends, beyond the sizes.
  ///
  /// @param neox which values of a head rotate together
  /// @param headNorms whether queries and keys are normalized head by head before they are rotated
  /// @param window see [Op.Attention]
  /// @param softCap see [Op.Attention]
  record AttentionStyle(
      boolean neox,
      boolean headNorms,
      float ropeBase,
      RopeScaling scaling,
      float scale,
      int window,
      float softCap) {
    /// Attention to everything before, scores over √headSize, neither norms nor caps.
    static AttentionStyle plain(DecoderSizes sizes, boolean neox, RopeScaling scaling) {
      float scale = (float) (1 / Math.sqrt(sizes.headSize()));
      return new AttentionStyle(neox, false, sizes.ropeBase(), scaling, scale, 0, 0);
    }

    AttentionStyle withHeadNorms() {
      return new AttentionStyle(neox, true, ropeBase, scaling, scale, window, softCap);
    }
  }

  Stage stage() {
    return new Stage("block " + index, nodes);
  }

  /// A whole block as Llama has it: each layer reads the normalized stream and is added to it.
  void preNorm(AttentionStyle style) {
    String normed = norm("attn_norm", Stage.HIDDEN);
    String stream = residual("attn_residual", Stage.HIDDEN, attention(normed, style));
    String inner = feedForward(norm("ffn_norm", stream), Activation.SILU);
    residual("ffn_residual", stream, inner);
  }

  /// A whole block as Gemma has it: what a layer gives is normalized too before it is added.
  void sandwich(AttentionStyle style) {
    String mixed = attention(norm("attn_norm", Stage.HIDDEN), style);
    String attended = norm("post_attention_norm", mixed);
    String stream = residual("attn_residual", Stage.HIDDEN, attended);
    String inner = feedForward(norm("ffn_norm", stream), Activation.GELU_TANH);
    residual("ffn_residual", stream, norm("post_ffw_norm", inner));
  }

  /// The norm of the whole row with gain `name`.
  String norm(String name, String input) {
    String gain = table.require(prefix + name + ".weight", sizes.width());
    return add(name, new Op.RmsNorm(gain, sizes.epsilon()), input);
  }

  String residual(String name, String stream, String update) {
    return add(name, new Op.Add(), stream, update);
  }

  /// The attention layer, its output product included.
  String attention(String input, AttentionStyle style) {
    long queries = (long) sizes.heads() * sizes.headSize();
    String mixed = attend(projections(input), style);
    return linear("attn_output", queries, sizes.width(), mixed);
  }

  /// Names of the values of queries, keys and values.
  private record Projections(String queries, String keys, String values) {}

  /// Loaders accept one fused product or three for any architecture.
  private Projections projections(String input) {
    int queries = Math.multiplyExact(sizes.heads(), sizes.headSize());
    int keys = Math.multiplyExact(sizes.keyValueHeads(), sizes.headSize());
    if (table.has(prefix + "attn_qkv.weight")) {
      String all = linear("attn_qkv", sizes.width(), queries + 2L * keys, input);
      return new Projections(
          add("q", new Op.Columns(0, queries), all),
          add("k", new Op.Columns(queries, keys), all),
          add("v", new Op.Columns(queries + keys, keys), all));
    }
    return new Projections(
        add("q", product("attn_q", sizes.width(), queries), input),
        add("k", product("attn_k", sizes.width(), keys), input),
        add("v", product("attn_v", sizes.width(), keys), input));
  }

  private String attend(Projections parts, AttentionStyle style) {
    String queries = parts.queries();
    String keys = parts.keys();
    if (style.headNorms()) {
      queries = headNorm("attn_q_norm", queries);
      keys = headNorm("attn_k_norm", keys);
    }
    String rotatedQueries = add("q_rope", rope(sizes.heads(), style), queries);
    String rotatedKeys = add("k_rope", rope(sizes.keyValueHeads(), style), keys);
    Op attention =
        new Op.Attention(
            sizes.heads(),
            sizes.keyValueHeads(),
            sizes.headSize(),
            style.scale(),
            style.window(),
            style.softCap());
    return add("attention", attention, rotatedQueries, rotatedKeys, parts.values());
  }

  private String headNorm(String name, String input) {
    String gain = table.require(prefix + name + ".weight", sizes.headSize());
    return add(name, new Op.RmsNorm(gain, sizes.epsilon()), input);
  }

  private Op rope(int heads, AttentionStyle style) {
    return new Op.Rope(
        heads,
        sizes.headSize(),
        sizes.ropeDimensions(),
        style.ropeBase(),
        style.neox(),
        style.scaling());
  }

  /// Wdown (activation(Wgate x) ⊙ Wup x).
  String feedForward(String input, Activation activation) {
    int inner = sizes.feedForward();
    String gate = linear("ffn_gate", sizes.width(), inner, input);
    String up = linear("ffn_up", sizes.width(), inner, input);
    return down(gate, up, activation);
  }

  /// The same where one product gives the gate's rows first, then up's.
  String fusedFeedForward(String input, Activation activation) {
    int inner = sizes.feedForward();
    String both = linear("ffn_up", sizes.width(), 2L * inner, input);
    String gate = add("ffn_gate", new Op.Columns(0, inner), both);
    String up = add("ffn_linear", new Op.Columns(inner, inner), both);
    return down(gate, up, activation);
  }

  private String down(String gate, String up, Activation activation) {
    String gated = add("ffn_inner", new Op.Gated(activation), gate, up);
    return linear("ffn_down", sizes.feedForward(), sizes.width(), gated);
  }

  private String linear(String name, long inputs, long outputs, String input) {
    return add(name, product(name, inputs, outputs), input);
  }

  private Op product(String name, long inputs, long outputs) {
    String weight = table.require(prefix + name + ".weight", inputs, outputs);
    return new Op.Linear(weight, table.optional(prefix + name + ".bias", outputs));
  }

  private String add(String output, Op op, String... inputs) {
    nodes.add(new Node(output, op, List.of(inputs)));
    return output;
  }
}
