package halftone.runtime;

/// Watches what flows into linear layers while the engine runs a stage.
@FunctionalInterface
public interface Tap {
  Tap NONE = (weight, inputs) -> {};

  /// Called before the product with the weight of this name, on the thread that runs the stage. The
  /// values are the engine's own: read them now, change nothing. Layers that share an input (q, k,
  /// v) each report it, with the same `inputs` object.
  void input(String weight, Activations inputs);
}
