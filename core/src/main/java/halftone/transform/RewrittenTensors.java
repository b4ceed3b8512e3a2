package halftone.transform;

import halftone.model.Model;
import halftone.tensor.ComputedRows;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Puts weights that are computed from a network's own in their place.
final class RewrittenTensors {
  private RewrittenTensors() {}

  /// The network with every tensor that either set names rewritten.
  static Model in(
      Model model, Set<String> rows, Set<String> columns, Function<Tensor, Weight> rewrite) {
    Set<String> names = new TreeSet<>(rows);
    names.addAll(columns);
    List<Tensor> changed = new ArrayList<>();
    for (String name : names) {
      Tensor tensor = Objects.requireNonNull(model.tensors().get(name), name);
      changed.add(ComputedRows.tensor(name, rewrite.apply(tensor)));
    }
    return model.with(changed);
  }
}
