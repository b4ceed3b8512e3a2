package halftone.runtime;

import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a stage runs: worked out once, as a network has many tokens.
///
/// @param done names that nobody reads any more, behind each node
/// @param together how many nodes from each one on are linear layers of the same value
record StagePlan(List<List<String>> done, int[] together) {
  static StagePlan of(Stage stage) {
    List<Node> nodes = stage.nodes();
    Map<String, Integer> lastUse = new LinkedHashMap<>();
    List<List<String>> done = new ArrayList<>();
    int[] together = new int[nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : nodes.get(i).inputs()) {
        lastUse.put(input, i);
      }
      done.add(new ArrayList<>());
      int next = i;
      while (next < nodes.size() && isOfTheSame(nodes.get(i), nodes.get(next))) {
        next++;
      }
      together[i] = Math.max(1, next - i);
    }
    lastUse.forEach((name, last) -> done.get(last).add(name));
    return new StagePlan(done, together);
  }

  private static boolean isOfTheSame(Node first, Node other) {
    return first.op() instanceof Op.Linear
        && other.op() instanceof Op.Linear
        && first.inputs().equals(other.inputs());
  }
}
