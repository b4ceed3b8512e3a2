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
      for (int high = low; high <= size(); high++) {
        offerShifts(low, high);
      }
    }
  }

  /// Bit 0 of the shifts is the first half's, bit 1 the second's.
  private void offerShifts(int low, int high) {
    float cut1 = first.sumX[low] + first.sumX[high];
    float cut2 = second.sumX[low] + second.sumX[high];
    float xPlus1 = first.totalXPlus - cut1;
    float xPlus2 = second.totalXPlus - cut2;
    float xMinus1 = first.totalXMinus - cut1;
    float xMinus2 = second.totalXMinus - cut2;
    float wPlus1 = first.lowWPlus[low] - first.highWPlus[high];
    float wPlus2 = second.lowWPlus[low] - second.highWPlus[high];
    float wMinus1 = first.lowWMinus[low] - first.highWMinus[high];
    float wMinus2 = second.lowWMinus[low] - second.highWMinus[high];
    offer(xPlus1 + xPlus2, wPlus1 + wPlus2, low, high, 0b00);
    offer(xPlus1 + xMinus2, wPlus1 + wMinus2, low, high, 0b10);
    offer(xMinus1 + xPlus2, wMinus1 + wPlus2, low, high, 0b01);
    offer(xMinus1 + xMinus2, wMinus1 + wMinus2, low, high, 0b11);
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
