package halftone.model;

import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// A network: stages of nodes in order (embedding, blocks, head), its named tensors, and the
/// metadata it came with. Immutable; tensors stay mapped.
///
/// @param stages empty when the architecture is known by name only: such a model can be quantized,
///   not run
public record Model(
    List<Stage> stages,
    SequencedMap<String, Tensor> tensors,
    SequencedMap<String, GgufValue> metadata) {
  public Model {
    stages = List.copyOf(stages);
    tensors = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    metadata = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
  }

  public Stage embedding() {
    return stages.getFirst();
  }

  public List<Stage> blocks() {
    return stages.subList(1, stages.size() - 1);
  }

  public Stage head() {
    return stages.getLast();
  }

  /// The same network with some tensors stored otherwise; names and shapes must already exist.
  public Model with(Iterable<Tensor> replacements) {
    LinkedHashMap<String, Tensor> changed = new LinkedHashMap<>(tensors);
    for (Tensor tensor : replacements) {
      Tensor before = changed.replace(tensor.name(), tensor);
      if (before == null || !before.shape().equals(tensor.shape())) {
        throw new IllegalArgumentException(
            "no tensor " + tensor.name() + " of " + tensor.shape() + " to replace");
      }
    }
    return new Model(stages, changed, metadata);
  }

  /// Names of the weights that linear layers read, in all stages.
  public Set<String> linears() {
    Set<String> names = new LinkedHashSet<>();
    stages.forEach(stage -> names.addAll(linears(stage)));
    return names;
  }

  /// Names of the weights of a block's linear layers whose outputs are added to the residual
  /// stream.
  public static Set<String> residualWriters(Stage block) {
    Set<String> summands = new HashSet<>();
    for (Node node : block.nodes()) {
      if (node.op() instanceof Op.Add) {
        summands.addAll(node.inputs());
      }
    }
    Set<String> writers = new LinkedHashSet<>();
    for (Node node : block.nodes()) {
      if (node.op() instanceof Op.Linear linear && summands.contains(node.output())) {
        writers.add(linear.weight());
      }
    }
    return writers;
  }

  /// Names of the weights of all linear layers of a stage, in graph order.
  public static List<String> linears(Stage stage) {
    List<String> names = new ArrayList<>();
    for (Node node : stage.nodes()) {
      if (node.op() instanceof Op.Linear linear) {
        names.add(linear.weight());
      }
    }
    return names;
  }
}
