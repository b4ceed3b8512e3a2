package halftone.runtime;

import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How a stage runs: worked out once, as a network has many tokens. Values have numbers instead of
/// names.
///
/// @param slots the number of each value
record StagePlan(List<Step> steps, Map<String, Integer> slots) {
  /// A node.
  ///
  /// @param key names it among all nodes of the network
  /// @param done values that nobody reads any more behind it
  /// @param together how many nodes from this one on are linear layers of the same value
  record Step(Node node, String key, int[] inputs, int output, int[] done, int together) {
    int input() {
      return inputs[0];
    }

    Op.Linear linear() {
      return (Op.Linear) node.op();
    }
  }

  static StagePlan of(Stage stage) {
    List<Node> nodes = stage.nodes();
    Map<String, Integer> slots = new HashMap<>(Map.of(Stage.HIDDEN, 0));
    Map<Integer, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : nodes.get(i).inputs()) {
        lastUse.put(slot(slots, input), i);
      }
      slot(slots, nodes.get(i).output());
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      int next = i;
      while (next < nodes.size() && isOfTheSame(node, nodes.get(next))) {
        next++;
      }
      int index = i;
      steps.add(
          new Step(
              node,
              stage.name() + "." + node.output(),
              node.inputs().stream().mapToInt(name -> slot(slots, name)).toArray(),
              slot(slots, node.output()),
              lastUse.entrySet().stream()
                  .filter(use -> use.getValue() == index)
                  .mapToInt(Map.Entry::getKey)
                  .toArray(),
              Math.max(1, next - i)));
    }
    return new StagePlan(List.copyOf(steps), Map.copyOf(slots));
  }

  /// The number of a value.
  int slot(String name) {
    return Objects.requireNonNull(slots.get(name), name);
  }

  private static int slot(Map<String, Integer> slots, String name) {
    Integer known = slots.putIfAbsent(name, slots.size());
    return known == null ? slots.size() - 1 : known;
  }

  private static boolean isOfTheSame(Node first, Node other) {
    return first.op() instanceof Op.Linear
        && other.op() instanceof Op.Linear
        && first.inputs().equals(other.inputs());
  }
}
