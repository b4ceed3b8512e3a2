package halftone.transform;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<String, Node> makers = new HashMap<>();
  private final Map<String, List<Node>> readers = new HashMap<>();

  private ScaleSites(Model model, Stage stage, int block) {
    this.model = model;
    this.block = block;
    for (Node node : stage.nodes()) {
      makers.put(node.output(), node);
      node.inputs()
          .forEach(input -> readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node));
    }
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
    List<Node> users = readers.getOrDefault(node.output(), List.of());
    if (users.isEmpty() || !users.stream().allMatch(user -> user.op() instanceof Op.Linear)) {
      return Optional.empty();
    }
    List<String> weights =
        users.stream().map(user -> ((Op.Linear) user.op()).weight()).distinct().toList();
    int width = tensor(weights.getFirst()).shape().columns();
    return switch (node.op()) {
      case Op.RmsNorm norm when tensor(norm.gain()).shape().columns() == width ->
          Optional.of(site(node, new ScaleSite.Maker.Gain(norm.gain()), weights, width));
      case Op.Gated _ -> rows(node.inputs().get(1)).map(rows -> site(node, rows, weights, width));
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
    return rows(node.inputs().get(2))
        .map(
            rows ->
                new ScaleSite.Maker.Heads(
                    rows.weight(), rows.bias(), rows.first(), attention.headSize(), copies))
        .map(maker -> site(node, maker, weights, channels));
  }

  /// The rows of a linear layer that a value is, if that has no other reader.
  private Optional<ScaleSite.Maker.Rows> rows(String value) {
    Node maker = makers.get(value);
    if (maker == null || readers.getOrDefault(value, List.of()).size() != 1) {
      return Optional.empty();
    }
    return switch (maker.op()) {
      case Op.Linear linear ->
          Optional.of(new ScaleSite.Maker.Rows(linear.weight(), linear.bias(), 0));
      case Op.Columns columns -> part(maker.inputs().getFirst(), columns);
      default -> Optional.empty();
    };
  }

  /// Columns of a fused product are rows of its weight.
  private Optional<ScaleSite.Maker.Rows> part(String fused, Op.Columns columns) {
    return makers.get(fused) instanceof Node node && node.op() instanceof Op.Linear linear
        ? Optional.of(new ScaleSite.Maker.Rows(linear.weight(), linear.bias(), columns.from()))
        : Optional.empty();
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(model.tensors().get(name));
  }
}
