package halftone.transform;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Everything that must know the order of the residual stream's channels: the table of the
/// embedding, gains of norms, linear layers that read it, and those that write into it.
///
/// @param vectors tables and gains, whose columns are channels
/// @param readers weights whose columns are channels
/// @param writers layers whose rows are channels
record ResidualStream(Set<String> vectors, List<String> readers, List<Op.Linear> writers) {
  /// @throws IllegalArgumentException when something reads or writes the stream that is neither a
  ///   linear layer nor works channel by channel
  static ResidualStream of(Model model) {
    ResidualStream stream =
        new ResidualStream(new HashSet<>(), new ArrayList<>(), new ArrayList<>());
    for (Stage stage : model.stages()) {
      stream.add(stage, values(stage, stage == model.embedding()));
    }
    return stream;
  }

  /// Names of the values of a stage that are rows of the stream, or such a row after a norm.
  private static Set<String> values(Stage stage, boolean begins) {
    Set<String> values = new HashSet<>();
    values.add(begins ? stage.nodes().getFirst().output() : Stage.HIDDEN);
    int before = 0;
    while (values.size() > before) {
      before = values.size();
      for (Node node : stage.nodes()) {
        if (isByChannel(node.op())) {
          Set<String> ends = new HashSet<>(node.inputs());
          ends.add(node.output());
          if (ends.stream().anyMatch(values::contains)) {
            values.addAll(ends);
          }
        }
      }
    }
    return values;
  }

  private static boolean isByChannel(Op op) {
    return switch (op) {
      case Op.Add _, Op.RmsNorm _, Op.Scale _, Op.SoftCap _ -> true;
      default -> false;
    };
  }

  private void add(Stage stage, Set<String> values) {
    for (Node node : stage.nodes()) {
      boolean reads = node.inputs().stream().anyMatch(values::contains);
      boolean writes = values.contains(node.output());
      if (reads || writes) {
        add(stage, node, reads);
      }
    }
  }

  private void add(Stage stage, Node node, boolean reads) {
    switch (node.op()) {
      case Op.Embedding embedding -> vectors.add(embedding.table());
      case Op.RmsNorm norm -> vectors.add(norm.gain());
      case Op.Add _, Op.Scale _, Op.SoftCap _ -> {}
      case Op.Linear linear when reads -> readers.add(linear.weight());
      case Op.Linear linear -> writers.add(linear);
      default ->
          throw new IllegalArgumentException(
              "the residual stream's channels cannot change places: in %s a %s %s it"
                  .formatted(
                      stage.name(),
                      node.op().getClass().getSimpleName(),
                      reads ? "reads" : "writes"));
    }
  }

  /// Gives all of them this order.
  void order(Reordering reordering, int[] order) {
    vectors.forEach(name -> reordering.columns(name, order));
    readers.forEach(name -> reordering.columns(name, order));
    writers.forEach(linear -> reordering.rows(linear.weight(), linear.bias(), 0, order));
  }
}
