package halftone.model;

import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tensors of a file while a graph is built over them: each is checked against the shape the
/// metadata demands, and in the end none may be left over, for a tensor that is not understood may
/// change the function.
final class TensorTable {
  private final String file;
  private final SequencedMap<String, Tensor> tensors;
  private final Set<String> used = new HashSet<>();

  TensorTable(String file, SequencedMap<String, Tensor> tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /// Gives the name back.
  String require(String name, long... extents) {
    Shape found = existing(name).shape();
    if (!found.extents().equals(Arrays.stream(extents).boxed().toList())) {
      String wanted = "the metadata demands " + Arrays.toString(extents);
      throw new MalformedFileException(file, "tensor " + name, "shape " + found, wanted);
    }
    used.add(name);
    return name;
  }

  @Nullable String optional(String name, long... extents) {
    return has(name) ? require(name, extents) : null;
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  long rows(String name) {
    return existing(name).shape().rows();
  }

  void requireAllUsed() {
    for (String name : tensors.sequencedKeySet()) {
      if (!used.contains(name)) {
        throw new UnsupportedModelException("tensor " + name + " has no place in the known graph");
      }
    }
  }

  private Tensor existing(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new MalformedFileException(
          file, "tensor " + name, "no such tensor", "the file is incomplete; convert it again");
    }
    return tensor;
  }
}
