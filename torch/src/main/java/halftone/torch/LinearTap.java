package halftone.torch;

import org.bytedeco.pytorch.Tensor;

/// Watches the linear layers while the engine builds a graph.
@FunctionalInterface
public interface LinearTap {
  LinearTap NONE = (weight, input, output) -> {};

  /// Called once a layer, in graph order.
  ///
  /// @param weight the weight's name
  /// @param input rows × inputs
  /// @param output rows × outputs: a node of the graph, so gradients may be asked of it
  void linear(String weight, Tensor input, Tensor output);
}
