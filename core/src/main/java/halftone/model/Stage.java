package halftone.model;

import java.util.List;

/// A run of nodes between two points where only the residual stream is alive: the embedding, one
/// block, or the head.
///
/// The value on entry is named [#HIDDEN] (token ids for the embedding); the last node's output is
/// the value on exit.
public record Stage(String name, List<Node> nodes) {
  public static final String HIDDEN = "hidden";

  public Stage {
    nodes = List.copyOf(nodes);
  }
}
