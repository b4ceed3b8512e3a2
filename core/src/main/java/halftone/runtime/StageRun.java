package halftone.runtime;

import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.numeric.InputRounding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One pass through a stage: the values alive in it, by name. A value is dropped after its last
/// use.
final class StageRun {
  private final String stage;
  private final StagePlan plan;
  private final boolean inHead;
  private final Operations operations;
  private final Positions positions;
  private final Tap tap;
  private final Map<String, Activations> values = new HashMap<>();
  private final Map<PackedInput, PackedRows> packed = new HashMap<>();
  private final Set<String> seenOutside = new HashSet<>();
  private float[] reusable = {};

  /// A value as it enters products that round it alike.
  private record PackedInput(String value, InputRounding rounding) {}

  /// @param inHead whether it is the model's head
  StageRun(
      Stage stage,
      StagePlan plan,
      boolean inHead,
      Operations operations,
      Positions positions,
      Tap tap) {
    this.stage = stage.name();
    this.plan = plan;
    this.inHead = inHead;
    this.operations = operations;
    this.positions = positions;
    this.tap = tap;
  }

  /// A value that stays the caller's.
  void put(String name, Activations value) {
    values.put(name, value);
    seenOutside.add(name);
  }

  /// A value that nobody else reads.
  void own(String name, Activations value) {
    values.put(name, value);
  }

  /// Offers an array for the result of the stage, used when it has the right length.
  void reuse(float[] array) {
    reusable = array;
  }

  /// Runs the nodes from index `from` and returns the last one's output.
  Activations nodes(List<Node> nodes, int from) {
    run(nodes, from, nodes.size());
    return input(nodes.getLast().output());
  }

  /// Runs the nodes before the last linear layer and shows its input to the tap.
  void untilLastLinear(List<Node> nodes) {
    for (int last = nodes.size() - 1; last >= 0; last--) {
      Node node = nodes.get(last);
      if (node.op() instanceof Op.Linear linear) {
        run(nodes, 0, last);
        tap.input(linear.weight(), input(node.inputs().getFirst()));
        return;
      }
    }
  }

  private void run(List<Node> nodes, int from, int to) {
    for (int i = from; i < to; i++) {
      int together = Math.min(plan.together()[i], to - i);
      if (together > 1) {
        linears(nodes.subList(i, i + together));
        for (int k = 0; k < together; k++) {
          plan.done().get(i + k).forEach(this::drop);
        }
        i += together - 1;
      } else {
        Node node = nodes.get(i);
        Activations output = apply(node, i == nodes.size() - 1 ? reusable : null);
        plan.done().get(i).forEach(this::drop);
        values.put(node.output(), output);
      }
    }
  }

  /// What nobody outside has seen is used again: a tap may keep what it was shown.
  private void drop(String name) {
    Activations value = values.remove(name);
    if (value != null && !seenOutside.contains(name)) {
      operations.release(value.values());
    }
    packed.entrySet().removeIf(entry -> released(entry, name));
  }

  private boolean released(Map.Entry<PackedInput, PackedRows> entry, String name) {
    boolean done = entry.getKey().value().equals(name);
    if (done && entry.getValue() instanceof PackedRows.Floats floats) {
      operations.release(floats.room());
    }
    return done;
  }

  private Activations input(String name) {
    Activations value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value " + name + " at this point of the stage");
    }
    return value;
  }

  private Activations apply(Node node, float @Nullable [] out) {
    Activations x = input(node.inputs().getFirst());
    return switch (node.op()) {
      case Op.Embedding embedding ->
          throw new IllegalArgumentException(embedding + " stands first in a model, nowhere else");
      case Op.RmsNorm norm -> operations.norm(norm, x);
      case Op.Linear linear -> linear(linear, node.inputs().getFirst(), out);
      case Op.Rope rope -> positions.rope(rope, x);
      case Op.Attention attention ->
          positions.attend(
              stage + "." + node.output(),
              attention,
              x,
              input(node.inputs().get(1)),
              input(node.inputs().get(2)));
      case Op.Scale scale -> operations.scale(scale, x);
      case Op.Columns columns -> operations.columns(columns, x);
      case Op.Gated gated -> operations.gate(gated, x, input(node.inputs().get(1)));
      case Op.SoftCap cap -> operations.softCap(cap, x);
      case Op.Add sum -> operations.add(x, input(node.inputs().get(1)));
    };
  }

  private Activations linear(Op.Linear linear, String name, float @Nullable [] out) {
    Activations x = input(name);
    InputRounding rounding = shown(linear, name, x);
    return operations.multiply(List.of(linear), packed(name, rounding), x, out).getFirst();
  }

  /// Layers of the same value: those that round it alike are one piece of work for all threads.
  private void linears(List<Node> nodes) {
    String name = nodes.getFirst().inputs().getFirst();
    Activations x = input(name);
    SequencedMap<InputRounding, List<Node>> alike = new LinkedHashMap<>();
    for (Node node : nodes) {
      InputRounding rounding = shown((Op.Linear) node.op(), name, x);
      alike.computeIfAbsent(rounding, each -> new ArrayList<>()).add(node);
    }
    alike.forEach(
        (rounding, those) -> {
          List<Op.Linear> linears = those.stream().map(node -> (Op.Linear) node.op()).toList();
          List<Activations> outputs = operations.multiply(linears, packed(name, rounding), x, null);
          for (int i = 0; i < outputs.size(); i++) {
            values.put(those.get(i).output(), outputs.get(i));
          }
        });
  }

  /// Shows the input of a layer to the tap.
  ///
  /// @return how the layer rounds it
  private InputRounding shown(Op.Linear linear, String name, Activations x) {
    if (tap != Tap.NONE) {
      seenOutside.add(name);
      tap.input(linear.weight(), x);
    }
    return operations.inputs(linear.weight(), inHead);
  }

  private PackedRows packed(String name, InputRounding rounding) {
    return packed.computeIfAbsent(
        new PackedInput(name, rounding), key -> operations.pack(input(name), key.rounding()));
  }
}
