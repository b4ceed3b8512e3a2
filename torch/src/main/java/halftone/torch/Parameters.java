package halftone.torch;

import halftone.model.Model;
import halftone.tensor.Shape;
import halftone.tensor.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The tensors of a model as leaves of libtorch's graphs, by name: a matrix is rows × columns, a
/// vector has one dimension. Each is decoded on first use and lives until [#release] or [#close],
/// whatever pointer scopes come and go. Not safe for concurrent use.
public final class Parameters implements AutoCloseable {
  /// Floats decoded at a time.
  private static final int STRIP = 1 << 20;

  private final Model model;
  private final Precision precision;
  private final Map<String, Tensor> leaves = new LinkedHashMap<>();

  /// @throws halftone.evidence.GradientsUnavailableException where libtorch does not load
  public Parameters(Model model, Precision precision) {
    Libtorch.load();
    this.model = model;
    this.precision = precision;
  }

  public Precision precision() {
    return precision;
  }

  /// The leaf of this name: the same object each time. Values may be changed in place under
  /// `NoGradGuard`, as an optimizer does.
  ///
  /// @throws IllegalArgumentException when the model has no such tensor
  public Tensor get(String name) {
    return leaves.computeIfAbsent(name, this::decoded);
  }

  /// Makes these leaves, and no others, require gradients. Whole graphs grow from them, so ask for
  /// no more than is needed.
  public void requireGradients(Collection<String> names) {
    leaves.values().forEach(leaf -> leaf.set_requires_grad(false));
    names.forEach(name -> get(name).set_requires_grad(true));
  }

  /// The leaves of these names, in order.
  public TensorVector vector(Collection<String> names) {
    TensorVector vector = new TensorVector();
    names.forEach(name -> vector.push_back(get(name)));
    return vector;
  }

  /// Frees leaves; they are decoded again when asked for.
  public void release(Collection<String> names) {
    for (String name : List.copyOf(names)) {
      Tensor leaf = leaves.remove(name);
      if (leaf != null) {
        leaf.releaseReference();
      }
    }
  }

  @Override
  public void close() {
    release(new ArrayList<>(leaves.keySet()));
  }

  private Tensor decoded(String name) {
    Weight weight = model.tensors().get(name);
    if (weight == null) {
      throw new IllegalArgumentException("the model has no tensor " + name);
    }
    Tensor leaf = read(weight);
    if (precision.type() != ScalarType.Float) {
      leaf = leaf.to(precision.type());
    }
    return Memory.kept(leaf);
  }

  private static Tensor read(Weight weight) {
    Shape shape = weight.shape();
    long rows = shape.rows();
    int columns = shape.columns();
    long[] sizes = shape.extents().size() == 1 ? new long[] {columns} : new long[] {rows, columns};
    Tensor leaf = torch.empty(sizes, new TensorOptions(ScalarType.Float), null);
    MemorySegment bytes = Memory.of(leaf);
    int most = (int) Math.clamp(STRIP / Math.max(1, columns), 1, Math.max(1, rows));
    float[] strip = new float[most * columns];
    for (long row = 0; row < rows; row += most) {
      int count = (int) Math.min(most, rows - row);
      weight.rows(row, count, strip, 0);
      MemorySegment.copy(
          strip, 0, bytes, ValueLayout.JAVA_FLOAT, row * columns * Float.BYTES, count * columns);
    }
    return leaf;
  }
}
