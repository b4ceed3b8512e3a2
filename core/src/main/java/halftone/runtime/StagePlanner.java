package halftone.runtime;

import halftone.model.Node;
import halftone.model.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Works out how the stages of a network run, each once, as it has many tokens.
final class StagePlanner {
  private final Operations operations;
  private final Map<Step.Wiring, Step.Wiring> wirings = new HashMap<>();
  private final Map<Step.Plain, Step.Plain> plain = new HashMap<>();
  private final Map<Op.Attention, Op.Attention> attentions = new HashMap<>();
  private int attentionCount;

  StagePlanner(Operations operations) {
    this.operations = operations;
  }

  /// @param nodes of a stage; without the first one of the embedding, whose output enters
  /// @param entry the name of the value on entry
  /// @param isHead whether the stage is the network's head
  StagePlan plan(List<Node> nodes, String entry, boolean isHead) {
    Map<String, Integer> numbers = new HashMap<>(Map.of(entry, StagePlan.ENTRY));
    Map<Integer, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : nodes.get(i).inputs()) {
        lastUse.put(number(numbers, input), i);
      }
      number(numbers, nodes.get(i).output());
    }
    List<Step> steps = new ArrayList<>();
    int next;
    for (int i = 0; i < nodes.size(); i = next) {
      next = i + 1;
      while (next < nodes.size() && isOfTheSame(nodes.get(i), nodes.get(next))) {
        next++;
      }
      List<Node> together = nodes.subList(i, next);
      int[] inputs = numbers(numbers, together.getFirst().inputs());
      int[] outputs = numbers(numbers, together.stream().map(Node::output).toList());
      int[] done = done(lastUse, i, next);
      Step.Wiring wiring = new Step.Wiring(inputs, outputs[outputs.length - 1], done);
      steps.add(step(together, wirings.computeIfAbsent(wiring, same -> same), outputs, isHead));
    }
    return new StagePlan(List.copyOf(steps), numbers.size());
  }

  private Step step(List<Node> nodes, Step.Wiring wiring, int[] outputs, boolean isHead) {
    Op first = nodes.getFirst().op();
    return switch (first) {
      case Op.Linear _ ->
          new Step.Multiply(
              wiring,
              operations.linears(
                  nodes.stream().map(node -> (Op.Linear) node.op()).toList(), outputs, isHead));
      case Op.RmsNorm norm -> new Step.Norm(wiring, norm.epsilon(), operations.vector(norm.gain()));
      case Op.Attention op ->
          new Step.Attend(wiring, attentions.computeIfAbsent(op, same -> same), attentionCount++);
      case Op.Embedding embedding ->
          throw new IllegalArgumentException(embedding + " stands first in a model, nowhere else");
      case Op.Scale _, Op.Columns _, Op.Rope _, Op.Gated _, Op.SoftCap _, Op.Add _ ->
          plain.computeIfAbsent(new Step.Plain(wiring, first), same -> same);
    };
  }

  private static int[] numbers(Map<String, Integer> numbers, List<String> names) {
    return names.stream().mapToInt(name -> number(numbers, name)).toArray();
  }

  private static int number(Map<String, Integer> numbers, String name) {
    Integer known = numbers.putIfAbsent(name, numbers.size());
    return known == null ? numbers.size() - 1 : known;
  }

  /// Values that are used for the last time by the nodes `from … to − 1`.
  private static int[] done(Map<Integer, Integer> lastUse, int from, int to) {
    return lastUse.entrySet().stream()
        .filter(use -> use.getValue() >= from && use.getValue() < to)
        .mapToInt(Map.Entry::getKey)
        .toArray();
  }

  private static boolean isOfTheSame(Node first, Node other) {
    return first.op() instanceof Op.Linear
        && other.op() instanceof Op.Linear
        && first.inputs().equals(other.inputs());
  }
}
