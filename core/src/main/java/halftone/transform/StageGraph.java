package halftone.transform;

import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who makes the values of a stage, and who reads them.
final class StageGraph {
  private final Map<String, Node> makers = new HashMap<>();
  private final Map<String, List<Node>> readers = new HashMap<>();

  StageGraph(Stage stage) {
    for (Node node : stage.nodes()) {
      makers.put(node.output(), node);
      node.inputs()
          .forEach(input -> readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node));
    }
  }

  /// Weights of the linear layers that read a value, each once; none when anything else reads it
  /// too.
  List<String> linearReaders(String value) {
    List<Node> users = readers.getOrDefault(value, List.of());
    return users.stream().allMatch(user -> user.op() instanceof Op.Linear)
        ? users.stream().map(user -> ((Op.Linear) user.op()).weight()).distinct().toList()
        : List.of();
  }

  /// The rows of a linear layer that a value is, if that has no other reader.
  Optional<ScaleSite.Maker.Rows> rows(String value) {
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
}
