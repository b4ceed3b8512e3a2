package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// A format whose blocks hold scales and one code a weight: everything but the plain floating-point numbers and the
/// lattice codebooks.
///
/// A block is a range of a byte array. Subclasses say how one block is encoded and decoded and where its codes lie; rows,
/// checks and the re-rounding of codes are here.
abstract class BlockFormat implements WeightFormat {
  private final String id;
  private final BlockLayout layout;

  BlockFormat(String id, int weights, int bytes) {
    this.id = id;
    this.layout = new BlockLayout(weights, bytes);
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final BlockLayout layout() {
    return layout;
  }

  @Override
  public final String toString() {
    return id;
  }

  /// Encodes `x[at …]` into the block at `out[to …]` (zero on entry), as the reference does without importance.
  abstract void encode(float[] x, int at, byte[] out, int to, Scratch scratch);

  /// The same with importance `v[j …]` of the block's columns. Formats that ignore importance do not override it.
  ///
  /// @param rowMeanSquare mean of x² over the whole row
  void encode(
      float[] x, int at, float[] v, int j, float rowMeanSquare, byte[] out, int to, Scratch scratch) {
    encode(x, at, out, to, scratch);
  }

  /// Decodes the block at `in[from …]` into `out[at …]`.
  abstract void decode(byte[] in, int from, float[] out, int at);

  /// Rows whose codes may be chosen anew under the scales in `blocks`.
  abstract FittedRows refit(byte[] blocks, int rows, int columns);

  @Override
  public final void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    int bytes = Math.toIntExact(layout.bytesOf(count));
    byte[] blocks = new byte[bytes];
    MemorySegment.copy(in, ValueLayout.JAVA_BYTE, offset, blocks, 0, bytes);
    for (int block = 0, o = at; block < bytes; block += layout.bytes(), o += layout.weights()) {
      decode(blocks, block, out, o);
    }
  }

  @Override
  public final FittedRows fit(
      float[] weights, int at, int rows, int columns, float @Nullable [] importance) {
    Inputs.check(this, weights, at, rows, columns, importance);
    int rowBytes = Math.toIntExact(layout.bytesOf(columns));
    byte[] blocks = new byte[Math.multiplyExact(rows, rowBytes)];
    Scratch scratch = new Scratch();
    for (int row = 0; row < rows; row++) {
      encodeRow(weights, at + row * columns, columns, importance, blocks, row * rowBytes, scratch);
    }
    return refit(blocks, rows, columns);
  }

  private void encodeRow(
      float[] x, int at, int columns, float @Nullable [] importance, byte[] out, int to, Scratch scratch) {
    float rowMeanSquare = 0;
    if (importance != null) {
      for (int j = 0; j < columns; j++) {
        rowMeanSquare += x[at + j] * x[at + j];
      }
      rowMeanSquare /= columns;
    }
    for (int j = 0, o = to; j < columns; j += layout.weights(), o += layout.bytes()) {
      if (importance == null) {
        encode(x, at + j, out, o, scratch);
      } else {
        encode(x, at + j, importance, j, rowMeanSquare, out, o, scratch);
      }
    }
  }
}
