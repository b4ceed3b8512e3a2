package halftone.numeric;

/// The best way to cut a group of weights, sorted, into three runs that become −1, 0 and 1 plus a
/// shift: the one whose least-squares scale explains most of the weighted energy.
///
/// With three values the search can try every pair of cuts. How sums round decides between equals,
/// so members sum exactly as ggml does. Not safe for concurrent use.
abstract class TernarySplit {
  private final int[] order;
  private float most;

  /// Sorted positions before `low` become −1, those from `high` on become 1.
  private int low;

  private int high;

  private float scale;

  /// Bit h is set where half h of the group has the shift −⅛; a group with one shift has equal
  /// bits.
  private int minus;

  TernarySplit(int size) {
    order = new int[size];
  }

  /// Searches the group whose weights lie from `x[at]` and error weights from `importance[from]`;
  /// false where every split has zero error weight.
  final boolean search(float[] x, int at, float[] importance, int from) {
    sort(x, at);
    low = -1;
    most = -Float.MAX_VALUE;
    tryAll(x, at, importance, from);
    return low >= 0;
  }

  /// Offers every split with every choice of shifts, each once, in ggml's order.
  abstract void tryAll(float[] x, int at, float[] importance, int from);

  final int size() {
    return order.length;
  }

  /// Which weight of the group stands at a sorted position.
  final int sorted(int position) {
    return order[position];
  }

  final void offer(float xq, float qq, int lowCut, int highCut, int shifts) {
    if (qq > 0 && xq * xq > most * qq) {
      scale = xq / qq;
      most = scale * xq;
      low = lowCut;
      high = highCut;
      minus = shifts;
    }
  }

  /// Whether an offer of at most |xq| and at least qq could be the best yet.
  final boolean canWin(float xq, float qq) {
    return most < 0 || xq * xq > most * qq;
  }

  /// The scale found, never negative: a negative one is read with all values turned.
  final float scale() {
    return Math.abs(scale);
  }

  /// Writes 0, 1 or 2 for −1, 0 or 1, weight by weight.
  final void levels(byte[] levels) {
    for (int position = 0; position < order.length; position++) {
      int level = position < low ? 0 : position < high ? 1 : 2;
      levels[order[position]] = (byte) (scale < 0 ? 2 - level : level);
    }
  }

  /// 1 where the shift of the half is −⅛, else 0.
  final int minus(int half) {
    return (scale < 0 ? ~minus : minus) >> half & 1;
  }

  /// By insertion: groups are short, and equal weights keep their order.
  private void sort(float[] x, int at) {
    for (int i = 0; i < order.length; i++) {
      float value = x[at + i];
      int place = i;
      while (place > 0 && x[at + order[place - 1]] > value) {
        order[place] = order[place - 1];
        place--;
      }
      order[place] = i;
    }
  }
}
