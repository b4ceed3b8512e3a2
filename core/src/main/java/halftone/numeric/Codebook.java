package halftone.numeric;

import java.util.ArrayList;
import java.util.List;

/// A table of integers from −127 to 127 that codes point into.
final class Codebook {
  /// The non-linear table of IQ4_NL and IQ4_XS (ggml).
  static final Codebook IQ4 =
      new Codebook(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

  /// Twice the values of E2M1 (OCP Microscaling v1.0), sign in the top bit; code 8 is a second zero
  /// and never chosen.
  static final Codebook E2M1 =
      new Codebook(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

  private final float[] values;
  private final byte[] nearest = new byte[512]; // by ⌊2t⌋ + 256

  private Codebook(int... table) {
    values = new float[table.length];
    for (int i = 0; i < table.length; i++) {
      values[i] = table[i];
    }
    for (int cell = 0; cell < nearest.length; cell++) {
      nearest[cell] = (byte) search(0.5f * (cell - 256) + 0.25f);
    }
  }

  private int search(float t) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (Math.abs(values[i] - t) < Math.abs(values[best] - t)) {
        best = i;
      }
    }
    return best;
  }

  /// The entries as what codes stand for.
  IntegerCodes integers(int group, IntegerCodes.Scales scales) {
    List<Integer> entries = new ArrayList<>();
    for (float value : values) {
      entries.add((int) value);
    }
    return new IntegerCodes(group, entries, false, scales);
  }

  /// The entries, in the order of their codes.
  float[] values() {
    return values;
  }

  float value(int code) {
    return values[code];
  }

  /// Code of the entry nearest to `t`; a midpoint goes to the larger entry.
  int nearest(float t) {
    int cell =
        (int)
            (2.0 * t + 256.0); // exact in double; truncation is floor where the result is positive
    return nearest[Math.max(0, Math.min(511, cell))];
  }

  /// The code of [#E2M1] whose value times `scale` ≥ 0 is nearest to `x`, the smaller value on
  /// ties: ggml's linear search ends there too, as it meets the smaller first. Half-way points
  /// between table values have few bits, so comparing with them is as exact as comparing distances.
  static int nearestE2m1(float x, float scale) {
    if (scale == 0) {
      return 0;
    }
    float a = Math.abs(x);
    int code =
        (a > 0.5f * scale ? 1 : 0)
            + (a > 1.5f * scale ? 1 : 0)
            + (a > 2.5f * scale ? 1 : 0)
            + (a > 3.5f * scale ? 1 : 0)
            + (a > 5 * scale ? 1 : 0)
            + (a > 7 * scale ? 1 : 0)
            + (a > 10 * scale ? 1 : 0);
    return x < 0 && code > 0 ? code + 8 : code;
  }
}
