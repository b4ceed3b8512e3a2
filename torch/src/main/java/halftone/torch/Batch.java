package halftone.torch;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Sequences of equal length that run together. A value in the engine is a matrix of one row a
/// token: token t of sequence s in row s · length + t.
///
/// @param tokens one array a sequence
public record Batch(int[][] tokens) {
  /// @throws IllegalArgumentException when there is no token, or lengths differ
  public Batch {
    if (tokens.length == 0 || tokens[0].length == 0) {
      throw new IllegalArgumentException("a batch of no tokens");
    }
    for (int[] sequence : tokens) {
      if (sequence.length != tokens[0].length) {
        throw new IllegalArgumentException("sequences of different lengths do not run together");
      }
    }
  }

  public int sequences() {
    return tokens.length;
  }

  public int length() {
    return tokens[0].length;
  }

  public int rows() {
    return Math.multiplyExact(sequences(), length());
  }

  /// The token ids in row order.
  Tensor ids() {
    return Tensor.create(
        IntStream.range(0, rows())
            .mapToLong(row -> tokens[row / length()][row % length()])
            .toArray());
  }
}
