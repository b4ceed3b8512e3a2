package halftone.runtime;

import halftone.model.Node;
import halftone.model.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// When the values of a stage are last read: worked out once, as a network has many tokens.
///
/// @param done names that nobody reads any more, for each node
record StagePlan(List<List<String>> done) {
  static StagePlan of(Stage stage) {
    Map<String, Integer> lastUse = new LinkedHashMap<>();
    List<List<String>> done = new ArrayList<>();
    for (int i = 0; i < stage.nodes().size(); i++) {
      Node node = stage.nodes().get(i);
      for (String input : node.inputs()) {
        lastUse.put(input, i);
      }
      done.add(new ArrayList<>());
    }
    lastUse.forEach((name, last) -> done.get(last).add(name));
    return new StagePlan(done);
  }
}
