package halftone.numeric;

import org.jspecify.annotations.Nullable;

/// The one block an encoder is working on: its weights, what has been decided, and scratch that is
/// reused so that fitting allocates nothing for each block.
final class Block {
  /// The weights, and the importance of their columns (valid when `weighted`).
  final float[] x;

  final float[] importance;
  boolean weighted;

  /// Where the block stands.
  int row;

  int column;

  /// Mean square of the row the block belongs to, where the encoder asks for it.
  float rowMeanSquare;

  /// Results: code of each weight; step and offset of each group, so that it decodes to `step ·
  /// code + offset` (or `step · table[code]`).
  final byte[] codes;

  final float[] step;
  final float[] offset;

  /// Where the block's own bytes stand.
  byte[] image = {};

  int at;

  /// Scratch of the searches: weights of the squares, and the groups' unrounded scales and mins
  /// with their codes and weights.
  final float[] w;

  /// Groups of this block and of those that are searched with it, always the same.
  @Nullable Groups groups;

  final float[] scales;
  final float[] mins;

  /// A group's codes in the search are the nearest to (x − base) · inverse.
  final float[] inverses;

  final float[] bases;
  final float[] groupWeights;
  final byte[] scaleCodes;
  final byte[] minCodes;

  Block(int weights, int groups) {
    x = new float[weights];
    importance = new float[weights];
    codes = new byte[weights];
    w = new float[weights];
    step = new float[groups];
    offset = new float[groups];
    scales = new float[groups];
    mins = new float[groups];
    inverses = new float[groups];
    bases = new float[groups];
    groupWeights = new float[groups];
    scaleCodes = new byte[groups];
    minCodes = new byte[groups];
  }

  void load(float[] weights, int from, float @Nullable [] importanceOfRow, int column) {
    System.arraycopy(weights, from, x, 0, x.length);
    weighted = importanceOfRow != null;
    if (importanceOfRow != null) {
      System.arraycopy(importanceOfRow, column, importance, 0, x.length);
    }
  }

  /// Sets w = importance · √(σ² + x²) for `n` weights from `from`.
  void weighByImportance(float variance, int from, int n) {
    for (int i = from; i < from + n; i++) {
      w[i] = importance[i] * (float) Math.sqrt(variance + x[i] * x[i]);
    }
  }

  /// Sets w = x² for `n` weights from `from`.
  void weighBySquare(int from, int n) {
    for (int i = from; i < from + n; i++) {
      w[i] = x[i] * x[i];
    }
  }

  float sumOfWeights(int from, int n) {
    float sum = 0;
    for (int i = from; i < from + n; i++) {
      sum += w[i];
    }
    return sum;
  }

  static float sumOfSquares(float[] x, int from, int n) {
    float sum = 0;
    for (int i = from; i < from + n; i++) {
      sum += x[i] * x[i];
    }
    return sum;
  }

  /// The element of largest magnitude, the first on ties, with its sign.
  static float signedMax(float[] x, int from, int n) {
    float magnitude = 0;
    float max = 0;
    for (int i = from; i < from + n; i++) {
      float a = Math.abs(x[i]);
      if (a > magnitude) {
        magnitude = a;
        max = x[i];
      }
    }
    return max;
  }

  /// Sets the codes of `n` weights from `from` to those of the search of group `g`, from `minCode`
  /// to `maxCode`; a group whose inverse is 0 gets `minCode`.
  void takeSearched(int g, int from, int n, int minCode, int maxCode) {
    for (int i = from; i < from + n; i++) {
      int nearest = Bits.nearest(inverses[g] * (x[i] - bases[g]));
      codes[i] = (byte) (inverses[g] == 0 ? minCode : Bits.clamp(nearest, minCode, maxCode));
    }
  }

  /// Stores `value` as binary16 at byte `position` of the block and returns it as stored.
  float putHalf(int position, float value) {
    return Bits.putHalf(image, at + position, value);
  }
}
