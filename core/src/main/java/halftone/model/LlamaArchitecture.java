package halftone.model;

import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Llama, Mistral and SmolLM: pre-norm blocks of rotary grouped-query attention and a SiLU-gated
/// feed-forward layer.
///
/// h = x + Wo · attention(rope(Wq n), rope(Wk n), Wv n) with n = rms(x); y = h + Wdown (silu(Wgate
/// m) ⊙ Wup m) with m = rms(h). Rotary pairs are neighbours (2j, 2j + 1). Source: llama.cpp,
/// `llm_build_llama`, August 2026.
final class LlamaArchitecture implements Architecture {
  @Override
  public String id() {
    return "llama";
  }

  @Override
  public List<Stage> stages(Metadata metadata, SequencedMap<String, Tensor> tensors) {
    if (tensors.isEmpty()) {
      throw new UnsupportedModelException("the file holds a vocabulary and no weights");
    }
    LlamaSizes sizes = LlamaSizes.of(metadata, id());
    Layout layout = new Layout(sizes, new TensorTable(metadata.source(), tensors));
    List<Stage> stages = new ArrayList<>();
    stages.add(layout.embedding(metadata));
    for (int i = 0; i < sizes.blocks(); i++) {
      stages.add(layout.block(i));
    }
    stages.add(layout.head());
    layout.table.requireAllUsed();
    return stages;
  }

  /// The graph of one file: looks tensors up by name, checks their shapes, and names the values
  /// between nodes.
  private static final class Layout {
    private static final String TABLE = "token_embd.weight";

    private final LlamaSizes sizes;
    private final TensorTable table;
    private final @Nullable String ropeFactors;

    Layout(LlamaSizes sizes, TensorTable table) {
      this.sizes = sizes;
      this.table = table;
      this.ropeFactors = table.optional("rope_freqs.weight", sizes.ropeDimensions() / 2);
    }

    Stage embedding(Metadata metadata) {
      long vocabulary = table.rows(TABLE);
      table.require(TABLE, sizes.width(), vocabulary);
      requireVocabulary(metadata, vocabulary);
      return new Stage(
          "embedding",
          List.of(new Node("embedded", new Op.Embedding(TABLE), List.of(Stage.HIDDEN))));
    }

    Stage block(int index) {
      String prefix = "blk." + index + ".";
      List<Node> nodes = new ArrayList<>();
      attention(prefix, nodes);
      feedForward(prefix, nodes);
      return new Stage("block " + index, nodes);
    }

    Stage head() {
      long vocabulary = table.rows(TABLE);
      String output = table.optional("output.weight", sizes.width(), vocabulary);
      Op product = new Op.Linear(output == null ? TABLE : output, null);
      return new Stage(
          "head",
          List.of(
              new Node("output_norm", norm("output_norm.weight"), List.of(Stage.HIDDEN)),
              new Node("logits", product, List.of("output_norm"))));
    }

    private void attention(String prefix, List<Node> nodes) {
      long queries = (long) sizes.heads() * sizes.headSize();
      long keys = (long) sizes.keyValueHeads() * sizes.headSize();
      nodes.add(node("attn_norm", norm(prefix + "attn_norm.weight"), Stage.HIDDEN));
      nodes.add(node("q", linear(prefix + "attn_q", sizes.width(), queries), "attn_norm"));
      nodes.add(node("k", linear(prefix + "attn_k", sizes.width(), keys), "attn_norm"));
      nodes.add(node("v", linear(prefix + "attn_v", sizes.width(), keys), "attn_norm"));
      nodes.add(node("q_rope", rope(sizes.heads()), "q"));
      nodes.add(node("k_rope", rope(sizes.keyValueHeads()), "k"));
      nodes.add(node("attention", attention(), "q_rope", "k_rope", "v"));
      Op output = linear(prefix + "attn_output", queries, sizes.width());
      nodes.add(node("attn_output", output, "attention"));
      nodes.add(node("attn_residual", new Op.Add(), Stage.HIDDEN, "attn_output"));
    }

    private void feedForward(String prefix, List<Node> nodes) {
      int inner = sizes.feedForward();
      nodes.add(node("ffn_norm", norm(prefix + "ffn_norm.weight"), "attn_residual"));
      nodes.add(node("ffn_gate", linear(prefix + "ffn_gate", sizes.width(), inner), "ffn_norm"));
      nodes.add(node("ffn_up", linear(prefix + "ffn_up", sizes.width(), inner), "ffn_norm"));
      nodes.add(node("ffn_inner", new Op.SwiGlu(), "ffn_gate", "ffn_up"));
      nodes.add(node("ffn_down", linear(prefix + "ffn_down", inner, sizes.width()), "ffn_inner"));
      nodes.add(node("ffn_residual", new Op.Add(), "attn_residual", "ffn_down"));
    }

    private static Node node(String output, Op op, String... inputs) {
      return new Node(output, op, List.of(inputs));
    }

    private Op norm(String name) {
      return new Op.RmsNorm(table.require(name, sizes.width()), sizes.epsilon());
    }

    private Op linear(String name, long inputs, long outputs) {
      String weight = table.require(name + ".weight", inputs, outputs);
      return new Op.Linear(weight, table.optional(name + ".bias", outputs));
    }

    private Op rope(int heads) {
      return new Op.Rope(
          heads, sizes.headSize(), sizes.ropeDimensions(), sizes.ropeBase(), false, ropeFactors);
    }

    private Op attention() {
      float scale = (float) (1 / Math.sqrt(sizes.headSize()));
      return new Op.Attention(sizes.heads(), sizes.keyValueHeads(), sizes.headSize(), scale);
    }

    private static void requireVocabulary(Metadata metadata, long rows) {
      int tokens = metadata.texts("tokenizer.ggml.tokens").size();
      if (tokens != 0 && tokens != rows) {
        throw metadata.malformed(
            "tokenizer.ggml.tokens",
            tokens + " tokens for an embedding of " + rows + " rows",
            "vocabulary and model do not belong together; convert the model again");
      }
    }
  }
}
