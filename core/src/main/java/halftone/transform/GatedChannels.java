package halftone.transform;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The channels of a gated product: rows of the layers that make its gate and its linear side,
/// columns of those that read it. They may change places as long as all of them do.
///
/// @param name of the product: its block's, and its own
/// @param makers of the gate and of the linear side
/// @param readers weights
record GatedChannels(String name, List<Rows> makers, List<String> readers) {
  /// Rows `first …` of a linear layer.
  record Rows(String weight, @Nullable String bias, int first) {}

  /// Those of all blocks whose products nothing but linear layers reads, and makes.
  static List<GatedChannels> of(Model model) {
    List<GatedChannels> all = new ArrayList<>();
    for (int number = 0; number < model.blocks().size(); number++) {
      Stage block = model.blocks().get(number);
      Map<String, Node> makers = new HashMap<>();
      block.nodes().forEach(node -> makers.put(node.output(), node));
      for (Node node : block.nodes()) {
        if (node.op() instanceof Op.Gated) {
          List<Rows> rows = new ArrayList<>();
          node.inputs().forEach(input -> addRows(block, makers, input, rows));
          List<Node> users = users(block, node.output());
          if (rows.size() == 2 && users.stream().allMatch(user -> user.op() instanceof Op.Linear)) {
            String name = "blk." + number + "." + node.output();
            all.add(new GatedChannels(name, rows, weights(users)));
          }
        }
      }
    }
    return all;
  }

  private static void addRows(
      Stage block, Map<String, Node> makers, String value, List<Rows> rows) {
    Node maker = makers.get(value);
    if (maker == null || users(block, value).size() != 1) {
      return;
    }
    if (maker.op() instanceof Op.Linear linear) {
      rows.add(new Rows(linear.weight(), linear.bias(), 0));
    } else if (maker.op() instanceof Op.Columns columns
        && makers.get(maker.inputs().getFirst()) instanceof Node fused
        && fused.op() instanceof Op.Linear linear) {
      rows.add(new Rows(linear.weight(), linear.bias(), columns.from()));
    }
  }

  private static List<Node> users(Stage block, String value) {
    return block.nodes().stream().filter(node -> node.inputs().contains(value)).toList();
  }

  private static List<String> weights(List<Node> users) {
    return users.stream().map(user -> ((Op.Linear) user.op()).weight()).toList();
  }

  /// Gives all of them this order.
  void order(Reordering reordering, int[] order) {
    makers.forEach(rows -> reordering.rows(rows.weight(), rows.bias(), rows.first(), order));
    readers.forEach(weight -> reordering.columns(weight, order));
  }
}
