package halftone.model;

import java.util.List;

/// An operation applied to named values, giving a new one.
public record Node(String output, Op op, List<String> inputs) {
  public Node {
    inputs = List.copyOf(inputs);
  }
}
