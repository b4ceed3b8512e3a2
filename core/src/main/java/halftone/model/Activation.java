package halftone.model;

/// Activation functions of feed-forward layers.
public enum Activation {
  /// x / (1 + e^−x).
  SILU,
  /// ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).
  GELU_TANH
}
