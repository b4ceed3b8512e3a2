package halftone.runtime;

/// How the engine multiplies.
public enum Arithmetic {
  /// Weights as they decode, activations in float32.
  EXACT,
  /// As llama.cpp runs the file on a CPU: the input row of a product is first rounded to the weight
  /// format's activation partner (Q8_0, Q8_K, F16 …), and keys and values to F16.
  LLAMA,
  /// The same with queries, keys and values as they are: how llama.cpp runs a file whose cache is
  /// kept in F32, without its fused attention.
  LLAMA_F32_CACHE
}
