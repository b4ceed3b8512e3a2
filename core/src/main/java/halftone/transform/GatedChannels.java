package halftone.transform;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The channels of a gated product: rows of the layers that make its gate and its linear side,
/// columns of those that read it. They may change places as long as all of them do.
///
/// @param name of the product: its block's, and its own
/// @param makers of the gate and of the linear side
/// @param readers weights
record GatedChannels(String name, List<ScaleSite.Maker.Rows> makers, List<String> readers) {
  /// Those of all blocks whose products nothing but linear layers reads, and makes.
  static List<GatedChannels> of(Model model) {
    List<GatedChannels> all = new ArrayList<>();
    for (int block = 0; block < model.blocks().size(); block++) {
      Stage stage = model.blocks().get(block);
      StageGraph graph = new StageGraph(stage);
      for (Node node : stage.nodes()) {
        if (node.op() instanceof Op.Gated) {
          List<ScaleSite.Maker.Rows> makers =
              node.inputs().stream().map(graph::rows).flatMap(Optional::stream).toList();
          List<String> readers = graph.linearReaders(node.output());
          if (makers.size() == node.inputs().size() && !readers.isEmpty()) {
            all.add(new GatedChannels("blk." + block + "." + node.output(), makers, readers));
          }
        }
      }
    }
    return all;
  }

  /// Gives all of them this order.
  void order(Reordering reordering, int[] order) {
    makers.forEach(rows -> reordering.rows(rows.weight(), rows.bias(), rows.first(), order));
    readers.forEach(weight -> reordering.columns(weight, order));
  }
}
