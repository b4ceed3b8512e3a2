package halftone.numeric;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Sixteen numbers that codes 0 … 15 stand for, in any order.
final class Codebook {
  private final float[] values;

  /// Codes by ascending value, the first of equal values only.
  private final int[] ascending;

  private final float[] midpoints;

  Codebook(float... values) {
    this.values = values.clone();
    float[] table = this.values;
    this.ascending =
        IntStream.range(0, table.length)
            .filter(code -> indexOf(table, table[code]) == code)
            .boxed()
            .sorted(Comparator.comparing(code -> table[code]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.midpoints = new float[ascending.length - 1];
    for (int i = 0; i < midpoints.length; i++) {
      midpoints[i] = (table[ascending[i]] + table[ascending[i + 1]]) / 2;
    }
  }

  private static int indexOf(float[] table, float value) {
    int index = 0;
    while (table[index] != value) {
      index++;
    }
    return index;
  }

  float value(int code) {
    return values[code];
  }

  /// The code whose value is nearest to `v`; of two equally near ones the greater value's.
  int nearest(float v) {
    int low = 0;
    int high = midpoints.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (v < midpoints[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return ascending[low];
  }
}
