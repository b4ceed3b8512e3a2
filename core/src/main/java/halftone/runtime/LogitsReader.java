package halftone.runtime;

/// Receives logits batch by batch, in row order.
@FunctionalInterface
public interface LogitsReader {
  /// Rows `firstRow … firstRow + rows − 1` of those asked for; `logits` is row-major, rows ×
  /// vocabulary, and reused after the call returns.
  void accept(int firstRow, int rows, float[] logits);
}
