package halftone.model;

import org.jspecify.annotations.Nullable;

/// One operation of a network. Every engine is an exhaustive `switch` over these records.
/// Activations are rows of floats, one row a token; tensors are named, and looked up in
/// [Model#tensors].
public sealed interface Op {
  /// Token ids to rows of `table` {width, vocabulary}.
  record Embedding(String table) implements Op {}

  /// x / √(mean(x²) + epsilon) · gain.
  record RmsNorm(String gain, float epsilon) implements Op {}

  /// y = W x (+ bias), W stored {inputs, outputs}.
  record Linear(String weight, @Nullable String bias) implements Op {}

  /// Rotary position embedding of `heads` heads of `headSize` values each, over the first
  /// `dimensions` of a head.
  ///
  /// @param neox pairs (j, j + dimensions/2) when true, (2j, 2j + 1) when false
  /// @param factors tensor of dimensions/2 frequency divisors, or null
  record Rope(
      int heads, int headSize, int dimensions, float base, boolean neox, @Nullable String factors)
      implements Op {}

  /// Causal attention of inputs (queries, keys, values); query head a reads key-value head a /
  /// (heads / keyValueHeads).
  record Attention(int heads, int keyValueHeads, int headSize, float scale) implements Op {}

  /// silu(gate) ⊙ up, of inputs (gate, up).
  record SwiGlu() implements Op {}

  /// Sum of two inputs: the residual connection.
  record Add() implements Op {}
}
