package halftone.runtime;

import halftone.kernel.Panels;
import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The arrays that a pass of some rows takes from [Buffers], counted without making them: the walk
/// of [StageRun] over lengths instead of values.
final class ArrayPlan {
  private final Model model;
  private final int rows;
  private final Map<Integer, Integer> taken = new HashMap<>();
  private final Map<Integer, Integer> most = new HashMap<>();

  private ArrayPlan(Model model, int rows) {
    this.model = model;
    this.rows = rows;
  }

  /// Bytes of all arrays that `rows` tokens of one text need, with logits after the last.
  static long of(Model model, int rows) {
    ArrayPlan plan = new ArrayPlan(model, rows);
    Tensor table = plan.tensor(((Op.Embedding) model.embedding().nodes().getFirst().op()).table());
    int width = table.shape().columns();
    plan.take(rows * width);
    width = plan.stage(model.embedding().nodes(), 1, width, rows, true);
    for (Stage block : model.blocks()) {
      width = plan.stage(block.nodes(), 0, width, rows, true);
    }
    plan.take(width);
    plan.stage(model.head().nodes(), 0, width, 1, false);
    return plan.bytes();
  }

  private long bytes() {
    return most.entrySet().stream()
        .mapToLong(entry -> (long) entry.getKey() * entry.getValue() * Float.BYTES)
        .sum();
  }

  private void take(int length) {
    most.merge(length, taken.merge(length, 1, Integer::sum), Math::max);
  }

  private void give(int length) {
    taken.merge(length, -1, Integer::sum);
  }

  /// Walks a stage from node `from` on; gives the width of its result, which stays taken.
  ///
  /// @param owned whether the value on entry is given back after its last use
  private int stage(List<Node> nodes, int from, int entryWidth, int batch, boolean owned) {
    String entry = from == 0 ? Stage.HIDDEN : nodes.getFirst().output();
    Map<String, Integer> widths = new HashMap<>(Map.of(entry, entryWidth));
    Map<String, Integer> packed = new HashMap<>();
    Map<String, Integer> lastUse = lastUse(nodes, from);
    int width = entryWidth;
    for (int i = from; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      String input = node.inputs().getFirst();
      int inputWidth = widths.getOrDefault(input, 0);
      if (node.op() instanceof Op.Linear && packed.putIfAbsent(input, inputWidth) == null) {
        take(Panels.length(batch, inputWidth));
      }
      width = width(node.op(), inputWidth);
      take(batch * width);
      for (Map.Entry<String, Integer> use : lastUse.entrySet()) {
        if (use.getValue() == i) {
          drop(use.getKey(), widths, packed, batch, owned || !use.getKey().equals(entry));
        }
      }
      widths.put(node.output(), width);
    }
    return width;
  }

  private static Map<String, Integer> lastUse(List<Node> nodes, int from) {
    Map<String, Integer> lastUse = new HashMap<>();
    for (int i = from; i < nodes.size(); i++) {
      for (String input : nodes.get(i).inputs()) {
        lastUse.put(input, i);
      }
    }
    return lastUse;
  }

  private void drop(
      String name,
      Map<String, Integer> widths,
      Map<String, Integer> packed,
      int batch,
      boolean givenBack) {
    Integer width = widths.remove(name);
    if (width != null && givenBack) {
      give(batch * width);
    }
    Integer packedWidth = packed.remove(name);
    if (packedWidth != null) {
      give(Panels.length(batch, packedWidth));
    }
  }

  private int width(Op op, int inputWidth) {
    return switch (op) {
      case Op.Linear linear -> Math.toIntExact(tensor(linear.weight()).shape().rows());
      case Op.Columns columns -> columns.count();
      case Op.Attention attention -> attention.heads() * attention.headSize();
      case Op.Embedding embedding -> tensor(embedding.table()).shape().columns();
      case Op.Scale _, Op.RmsNorm _, Op.Rope _, Op.Gated _, Op.SoftCap _, Op.Add _ -> inputWidth;
    };
  }

  private Tensor tensor(String name) {
    Tensor tensor = model.tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the model has no tensor " + name);
    }
    return tensor;
  }
}
