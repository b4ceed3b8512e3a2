package halftone.model;

import org.jspecify.annotations.Nullable;

/// One operation of a network. Every engine is an exhaustive `switch` over these records.
/// Activations are rows of floats, one row a token; tensors are named, and looked up in
/// [Model#tensors].
public sealed interface Op {
  /// Token ids to rows of `table` {width, vocabulary}.
  record Embedding(String table) implements Op {}

  /// y = factor · x.
  record Scale(float factor) implements Op {}

  /// x / √(mean(x²) + epsilon) · gain, over each run of as many values as the gain has: the whole
  /// row, or every head of it.
  record RmsNorm(String gain, float epsilon) implements Op {}

  /// y = W x (+ bias), W stored {inputs, outputs}.
  record Linear(String weight, @Nullable String bias) implements Op {}

  /// Values `from … from + count − 1` of each row: a part of a fused product.
  record Columns(int from, int count) implements Op {}

  /// Rotary position embedding of `heads` heads of `headSize` values each, over the first
  /// `dimensions` of a head.
  ///
  /// @param neox pairs (j, j + dimensions/2) when true, (2j, 2j + 1) when false
  record Rope(
      int heads, int headSize, int dimensions, float base, boolean neox, RopeScaling scaling)
      implements Op {}

  /// Causal attention of inputs (queries, keys, values); query head a reads key-value head a /
  /// (heads / keyValueHeads).
  ///
  /// @param window how many positions a query sees, its own included; 0 for all
  /// @param softCap scores z become softCap · tanh(z / softCap); 0 for no cap
  record Attention(
      int heads, int keyValueHeads, int headSize, float scale, int window, float softCap)
      implements Op {}

  /// activation(gate) ⊙ up, of inputs (gate, up).
  record Gated(Activation activation) implements Op {}

  /// y = cap · tanh(x / cap).
  record SoftCap(float cap) implements Op {}

  /// Sum of two inputs: the residual connection.
  record Add() implements Op {}
}
