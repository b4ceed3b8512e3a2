package halftone.numeric;

/// The split of a group whose halves have a shift each, as IQ1_M has it. Neighbouring values differ
/// by 1, so a half's Σ w·x·q is its total times the largest value, less the running sums at both
/// cuts; Σ w·q² falls at the cuts by differences of squares.
final class TwoShiftSplit extends TernarySplit {
  private static final float SHORT = 0.875f;
  private static final float LONG = 1.125f;

  /// LONG² − ⅛² and SHORT² − ⅛².
  private static final float LONG_STEP = 1.25f;

  private static final float SHORT_STEP = 0.75f;

  private final Half first;
  private final Half second;

  TwoShiftSplit(int size) {
    super(size);
    first = new Half(size);
    second = new Half(size);
  }

  @Override
  void tryAll(float[] x, int at, float[] importance, int from) {
    for (int j = 0; j < size(); j++) {
      int i = sorted(j);
      float w = importance[from + i];
      boolean inFirst = i < size() / 2;
      first.add(j, inFirst ? w * x[at + i] : 0, inFirst ? w : 0);
      second.add(j, inFirst ? 0 : w * x[at + i], inFirst ? 0 : w);
    }
    first.finish();
    second.finish();
    for (int low = 0; low <= size(); low++) {
      tryFrom(low);
    }
  }

  /// Tries all splits with this lower cut. What no choice of shifts can lift above the best so far
  /// is skipped; rounding is monotone, so nothing is lost.
  private void tryFrom(int low) {
    float xPlus1 = first.totalXPlus;
    float xPlus2 = second.totalXPlus;
    float xMinus1 = first.totalXMinus;
    float xMinus2 = second.totalXMinus;
    float wPlus1 = first.lowWPlus[low];
    float wPlus2 = second.lowWPlus[low];
    float wMinus1 = first.lowWMinus[low];
    float wMinus2 = second.lowWMinus[low];
    for (int high = low; high <= size(); high++) {
      float cut1 = first.sumX[low] + first.sumX[high];
      float cut2 = second.sumX[low] + second.sumX[high];
      float p1 = xPlus1 - cut1;
      float p2 = xPlus2 - cut2;
      float m1 = xMinus1 - cut1;
      float m2 = xMinus2 - cut2;
      float pp1 = wPlus1 - first.highWPlus[high];
      float pp2 = wPlus2 - second.highWPlus[high];
      float mm1 = wMinus1 - first.highWMinus[high];
      float mm2 = wMinus2 - second.highWMinus[high];
      float x = Math.max(Math.abs(p1), Math.abs(m1)) + Math.max(Math.abs(p2), Math.abs(m2));
      if (canWin(x, Math.min(pp1, mm1) + Math.min(pp2, mm2))) {
        offer(p1 + p2, pp1 + pp2, low, high, 0b00);
        offer(p1 + m2, pp1 + mm2, low, high, 0b10);
        offer(m1 + p2, mm1 + pp2, low, high, 0b01);
        offer(m1 + m2, mm1 + mm2, low, high, 0b11);
      }
    }
  }

  /// Sums over one half's weights, by sorted position in the whole group.
  private static final class Half {
    final float[] sumX;
    final float[] sumW;
    final float[] lowWPlus;
    final float[] lowWMinus;
    final float[] highWPlus;
    final float[] highWMinus;
    float totalXPlus;
    float totalXMinus;

    Half(int size) {
      sumX = new float[size + 1];
      sumW = new float[size + 1];
      lowWPlus = new float[size + 1];
      lowWMinus = new float[size + 1];
      highWPlus = new float[size + 1];
      highWMinus = new float[size + 1];
    }

    void add(int position, float x, float w) {
      sumX[position + 1] = sumX[position] + x;
      sumW[position + 1] = sumW[position] + w;
    }

    void finish() {
      int size = sumX.length - 1;
      totalXPlus = sumX[size] * LONG;
      totalXMinus = sumX[size] * SHORT;
      float totalWPlus = sumW[size] * LONG * LONG;
      float totalWMinus = sumW[size] * SHORT * SHORT;
      for (int cut = 0; cut <= size; cut++) {
        lowWPlus[cut] = totalWPlus + sumW[cut] * SHORT_STEP;
        lowWMinus[cut] = totalWMinus + sumW[cut] * LONG_STEP;
        highWPlus[cut] = sumW[cut] * LONG_STEP;
        highWMinus[cut] = sumW[cut] * SHORT_STEP;
      }
    }
  }
}
