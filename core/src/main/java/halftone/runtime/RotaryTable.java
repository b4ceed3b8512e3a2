package halftone.runtime;

import halftone.model.Op;
import halftone.model.RopeScaling;
import org.jspecify.annotations.Nullable;

/// Cosines and sines of a rotary embedding for positions 0 … length − 1 (Su et al. 2021): pair j at
/// position p turns by p · scale · base^(−2j/dimensions) / factor_j, computed in float64.
final class RotaryTable {
  private final Op.Rope rope;
  private final int pairs;
  private final float[] cosines;
  private final float[] sines;

  RotaryTable(Op.Rope rope, float @Nullable [] factors, int length) {
    this.rope = rope;
    this.pairs = rope.dimensions() / 2;
    this.cosines = new float[length * pairs];
    this.sines = new float[length * pairs];
    RopeScaling scaling = rope.scaling();
    for (int j = 0; j < pairs; j++) {
      double frequency = Math.pow(rope.base(), -2.0 * j / rope.dimensions());
      double turn = factors == null ? frequency : frequency / factors[j];
      for (int position = 0; position < length; position++) {
        double angle = position * turn * scaling.positionScale();
        cosines[position * pairs + j] = (float) (Math.cos(angle) * scaling.magnitude());
        sines[position * pairs + j] = (float) (Math.sin(angle) * scaling.magnitude());
      }
    }
  }

  /// How many positions it knows.
  int length() {
    return pairs == 0 ? Integer.MAX_VALUE : cosines.length / pairs;
  }

  /// Rotates every head of the row that begins at `at` and stands at `position`, into the same
  /// place of `out`.
  void rotate(float[] x, int at, int position, float[] out) {
    int first = rope.neox() ? 1 : 2;
    int apart = rope.neox() ? pairs : 1;
    for (int head = 0; head < rope.heads(); head++) {
      int start = at + head * rope.headSize();
      for (int j = 0; j < pairs; j++) {
        int a = start + j * first;
        int b = a + apart;
        float cosine = cosines[position * pairs + j];
        float sine = sines[position * pairs + j];
        out[a] = x[a] * cosine - x[b] * sine;
        out[b] = x[a] * sine + x[b] * cosine;
      }
      int rest = rope.headSize() - rope.dimensions();
      int from = start + rope.dimensions();
      System.arraycopy(x, from, out, from, rest);
    }
  }

  long bytes() {
    return bytes(rope, length());
  }

  /// Bytes of a table of so many positions.
  static long bytes(Op.Rope rope, int positions) {
    return (long) positions * rope.dimensions() * Float.BYTES;
  }
}
