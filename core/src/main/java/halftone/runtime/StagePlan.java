package halftone.runtime;

import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/// How a stage runs: worked out once, as a network has many tokens. Values have numbers instead of
/// names.
///
/// @param slots the number of each value
record StagePlan(List<Step> steps, Map<String, Integer> slots) {
  /// A node, or neighbouring linear layers of the same value.
  ///
  /// @param node the first of them
  /// @param key names it among all nodes of the network
  /// @param output of the last of them
  /// @param done values that nobody reads any more behind it
  /// @param linears the layers, those together that round their input alike; none of other nodes
  record Step(Node node, String key, int[] inputs, int output, int[] done, List<Linears> linears) {
    int input() {
      return inputs[0];
    }
  }

  /// @param linears prepares layers of one value, which are to work out values of these numbers
  static StagePlan of(Stage stage, BiFunction<List<Op.Linear>, int[], List<Linears>> linears) {
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
    int next;
    for (int i = 0; i < nodes.size(); i = next) {
      Node node = nodes.get(i);
      next = i + 1;
      while (next < nodes.size() && isOfTheSame(node, nodes.get(next))) {
        next++;
      }
      int first = i;
      int end = next;
      int[] outputs =
          nodes.subList(first, end).stream().mapToInt(each -> slot(slots, each.output())).toArray();
      steps.add(
          new Step(
              node,
              stage.name() + "." + node.output(),
              node.inputs().stream().mapToInt(name -> slot(slots, name)).toArray(),
              outputs[outputs.length - 1],
              lastUse.entrySet().stream()
                  .filter(use -> use.getValue() >= first && use.getValue() < end)
                  .mapToInt(Map.Entry::getKey)
                  .toArray(),
              linears.apply(layers(nodes.subList(first, end)), outputs)));
    }
    return new StagePlan(List.copyOf(steps), Map.copyOf(slots));
  }

  private static List<Op.Linear> layers(List<Node> nodes) {
    return nodes.stream()
        .map(Node::op)
        .filter(Op.Linear.class::isInstance)
        .map(Op.Linear.class::cast)
        .toList();
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
