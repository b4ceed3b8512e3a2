package halftone.transform;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Finds the [ScaleSite]s of a network by its graph alone, so a reader that nobody thought of
/// cannot be forgotten: a value that anything but a linear layer reads is no site.
///
/// Sites are the outputs of whole-row norms, the product of a gated feed-forward layer (only its
/// linear side can absorb factors, the gate's activation is not linear), and the mixed values of
/// attention. The head is none where its weight is the embedding table too.
public final class ScaleSites {
  private final Model model;
  private final int block;
  private final StageGraph graph;

  private ScaleSites(Model model, Stage stage, int block) {
    this.model = model;
    this.block = block;
    this.graph = new StageGraph(stage);
  }

  /// The sites of all blocks, in graph order.
  public static List<ScaleSite> of(Model model) {
    List<ScaleSite> sites = new ArrayList<>();
    for (int block = 0; block < model.blocks().size(); block++) {
      sites.addAll(of(model, block));
    }
    return sites;
  }

  /// The sites of a block, in graph order.
  public static List<ScaleSite> of(Model model, int block) {
    Stage stage = model.blocks().get(block);
    ScaleSites finder = new ScaleSites(model, stage, block);
    List<ScaleSite> sites = new ArrayList<>();
    for (Node node : stage.nodes()) {
      finder.site(node).ifPresent(sites::add);
    }
    return sites;
  }

  private Optional<ScaleSite> site(Node node) {
    List<String> weights = graph.linearReaders(node.output());
    if (weights.isEmpty()) {
      return Optional.empty();
    }
    int width = tensor(weights.getFirst()).shape().columns();
    return switch (node.op()) {
      case Op.RmsNorm norm when tensor(norm.gain()).shape().columns() == width ->
          Optional.of(site(node, new ScaleSite.Maker.Gain(norm.gain()), weights, width));
      case Op.Gated _ ->
          graph.rows(node.inputs().get(1)).map(rows -> site(node, rows, weights, width));
      case Op.Attention attention -> heads(node, attention, weights);
      default -> Optional.empty();
    };
  }

  private ScaleSite site(Node node, ScaleSite.Maker maker, List<String> weights, int channels) {
    return new ScaleSite(block, node.output(), maker, weights, channels);
  }

  private Optional<ScaleSite> heads(Node node, Op.Attention attention, List<String> weights) {
    int channels = attention.keyValueHeads() * attention.headSize();
    int copies = attention.heads() / attention.keyValueHeads();
    return graph
        .rows(node.inputs().get(2))
        .map(
            rows ->
                new ScaleSite.Maker.Heads(
                    rows.weight(), rows.bias(), rows.first(), attention.headSize(), copies))
        .map(maker -> site(node, maker, weights, channels));
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(model.tensors().get(name));
  }
}
