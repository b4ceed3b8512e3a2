package halftone.model;

import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/// What decoder-only networks share: a token embedding, equal blocks around a residual stream, a
/// final norm, and an output product that may reuse the embedding.
abstract class DecoderArchitecture implements Architecture {
  private static final String TABLE = "token_embd.weight";

  @Override
  public List<Stage> stages(Metadata metadata, SequencedMap<String, Tensor> tensors) {
    if (tensors.isEmpty()) {
      throw new UnsupportedModelException("the file holds a vocabulary and no weights");
    }
    DecoderSizes sizes = DecoderSizes.of(metadata, id());
    TensorTable table = new TensorTable(metadata.source(), tensors);
    RopeScaling scaling = RopeScaling.of(metadata, sizes, table);
    List<Stage> stages = new ArrayList<>();
    stages.add(embedding(metadata, sizes, table));
    for (int i = 0; i < sizes.blocks(); i++) {
      DecoderBlock block = new DecoderBlock(sizes, table, i);
      build(block, new Layer(i, metadata, sizes, scaling));
      stages.add(block.stage());
    }
    stages.add(head(metadata, sizes, table));
    table.requireAllUsed();
    return stages;
  }

  /// What a block is built from.
  record Layer(int index, Metadata metadata, DecoderSizes sizes, RopeScaling scaling) {}

  /// Adds the nodes of one block; the last one's output is the residual stream on exit.
  abstract void build(DecoderBlock block, Layer layer);

  /// Nodes that follow the lookup, each taking the one before as its input.
  List<Op> afterEmbedding(DecoderSizes sizes) {
    return List.of();
  }

  /// Nodes that follow the output product.
  List<Op> afterOutput(Metadata metadata) {
    return List.of();
  }

  private Stage embedding(Metadata metadata, DecoderSizes sizes, TensorTable table) {
    long vocabulary = table.rows(TABLE);
    table.require(TABLE, sizes.width(), vocabulary);
    requireVocabulary(metadata, vocabulary);
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node("embedded", new Op.Embedding(TABLE), List.of(Stage.HIDDEN)));
    chain(nodes, "embedded", afterEmbedding(sizes));
    return new Stage("embedding", nodes);
  }

  private Stage head(Metadata metadata, DecoderSizes sizes, TensorTable table) {
    long vocabulary = table.rows(TABLE);
    String norm = table.require("output_norm.weight", sizes.width());
    String output = table.optional("output.weight", sizes.width(), vocabulary);
    Op product =
        new Op.Linear(output == null ? TABLE : output, table.optional("output.bias", vocabulary));
    List<Node> nodes = new ArrayList<>();
    Op rms = new Op.RmsNorm(norm, sizes.epsilon());
    nodes.add(new Node("output_norm", rms, List.of(Stage.HIDDEN)));
    nodes.add(new Node("logits", product, List.of("output_norm")));
    chain(nodes, "logits", afterOutput(metadata));
    return new Stage("head", nodes);
  }

  private static void chain(List<Node> nodes, String first, List<Op> operations) {
    String input = first;
    for (Op op : operations) {
      String output = input + "'";
      nodes.add(new Node(output, op, List.of(input)));
      input = output;
    }
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
