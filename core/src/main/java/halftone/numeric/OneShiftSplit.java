package halftone.numeric;

/// The split of a group under one shift, as IQ1_S has it: what a run adds to Σ w·x·q and Σ w·q² is
/// a difference of running sums times its value, and the three runs are added in turn.
final class OneShiftSplit extends TernarySplit {
  private static final float SHORT = 0.875f;
  private static final float LONG = 1.125f;
  private static final float SHIFT = 0.125f;

  private static final int PLUS = 0;
  private static final int MINUS = 0b11;

  /// Sums of w·x and of w before each sorted position.
  private final float[] sumX;

  private final float[] sumW;

  /// What the run of ones from each sorted position on adds under either shift.
  private final float[] highXPlus;

  private final float[] highXMinus;
  private final float[] highWPlus;
  private final float[] highWMinus;

  OneShiftSplit(int size) {
    super(size);
    sumX = new float[size + 1];
    sumW = new float[size + 1];
    highXPlus = new float[size + 1];
    highXMinus = new float[size + 1];
    highWPlus = new float[size + 1];
    highWMinus = new float[size + 1];
  }

  @Override
  void tryAll(float[] x, int at, float[] importance, int from) {
    for (int j = 0; j < size(); j++) {
      float w = importance[from + sorted(j)];
      sumX[j + 1] = sumX[j] + w * x[at + sorted(j)];
      sumW[j + 1] = sumW[j] + w;
    }
    sumHigh();
    for (int low = 0; low <= size(); low++) {
      tryFrom(low);
    }
  }

  private void sumHigh() {
    for (int high = 0; high <= size(); high++) {
      float x = sumX[size()] - sumX[high];
      float w = sumW[size()] - sumW[high];
      highXPlus[high] = x * LONG;
      highXMinus[high] = x * SHORT;
      highWPlus[high] = w * LONG * LONG;
      highWMinus[high] = w * SHORT * SHORT;
    }
  }

  private void tryFrom(int low) {
    float lowXPlus = sumX[low] * -SHORT;
    float lowXMinus = sumX[low] * -LONG;
    float lowWPlus = sumW[low] * SHORT * SHORT;
    float lowWMinus = sumW[low] * LONG * LONG;
    for (int high = low; high <= size(); high++) {
      float x = (sumX[high] - sumX[low]) * SHIFT;
      float w = (sumW[high] - sumW[low]) * SHIFT * SHIFT;
      offer(lowXPlus + x + highXPlus[high], lowWPlus + w + highWPlus[high], low, high, PLUS);
      offer(lowXMinus - x + highXMinus[high], lowWMinus + w + highWMinus[high], low, high, MINUS);
    }
  }
}
