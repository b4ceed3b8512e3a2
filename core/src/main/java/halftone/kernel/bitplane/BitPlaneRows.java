package halftone.kernel.bitplane;

import halftone.workers.Workers;

/// Rows of inputs as bit planes of bipolar codes ([BitPlaneProduct]): row by row, plane by plane.
public final class BitPlaneRows {
  private static final int MAGNITUDE = 0x7FFFFFFF;

  private final PlaneShape shape;
  private final long[] planes;
  private final int[] sums;
  private final float[] scales;

  private BitPlaneRows(PlaneShape shape, float[] scales) {
    this.shape = shape;
    this.planes = new long[Math.multiplyExact(shape.rows() * shape.bits(), shape.words())];
    this.sums = new int[shape.rows() * shape.groups()];
    this.scales = scales;
    if (scales.length != sums.length) {
      throw new IllegalArgumentException(
          "%d scales for %d rows of %d groups"
              .formatted(scales.length, shape.rows(), shape.groups()));
    }
  }

  /// @param codes {rows × columns}, unsigned
  /// @param group columns that share a scale: a multiple of 64, or all
  /// @param scales {rows × groups}
  public static BitPlaneRows of(
      byte[] codes, int rows, int columns, int bits, int group, float[] scales, Workers workers) {
    BitPlaneRows planes = new BitPlaneRows(new PlaneShape(rows, columns, bits, group), scales);
    workers.forEach(rows, row -> planes.take(codes, row * columns, row));
    return planes;
  }

  /// Rounds values to codes of the largest magnitude's scale, group by group (Ma et al., arXiv
  /// 2409.17870): floor(x / 2s) + 2^(n−1). A group of zeros has scale 0.
  ///
  /// @param values {rows × columns}, finite
  public static BitPlaneRows quantize(
      float[] values, int rows, int columns, int bits, int group, Workers workers) {
    PlaneShape shape = new PlaneShape(rows, columns, bits, group);
    int groups = shape.groups();
    BitPlaneRows planes = new BitPlaneRows(shape, new float[rows * groups]);
    workers.forEach(
        rows,
        row -> {
          byte[] codes = new byte[columns];
          for (int g = 0; g < groups; g++) {
            int from = g * group;
            int count = shape.columnsOf(g);
            planes.scales[row * groups + g] =
                round(values, row * columns + from, count, bits, codes, from);
          }
          planes.take(codes, 0, row);
        });
    return planes;
  }

  private static float round(float[] values, int at, int count, int bits, byte[] codes, int to) {
    // Magnitudes of floats are in the order of their bits.
    int largest = 0;
    for (int j = 0; j < count; j++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[at + j]) & MAGNITUDE);
    }
    int most = (1 << bits) - 1;
    int half = 1 << bits - 1;
    float scale = Float.intBitsToFloat(largest) / most;
    float inverse = scale == 0 ? 0 : 1 / (2 * scale);
    for (int j = 0; j < count; j++) {
      float scaled = Math.min(Math.max(values[at + j] * inverse, -half), half - 1);
      int whole = (int) scaled;
      int down = scaled < whole ? whole - 1 : whole;
      codes[to + j] = (byte) (down + half);
    }
    return scale;
  }

  private void take(byte[] codes, int from, int row) {
    for (int bit = 0; bit < shape.bits(); bit++) {
      BitPlanes.extract(codes, from, shape.columns(), bit, planes, at(row, bit), 1);
    }
    for (int g = 0; g < shape.groups(); g++) {
      sums[row * shape.groups() + g] =
          BitPlanes.sum(codes, from + g * shape.group(), shape.columnsOf(g));
    }
  }

  PlaneShape shape() {
    return shape;
  }

  long[] planes() {
    return planes;
  }

  /// Where a plane of a row begins.
  int at(int row, int bit) {
    return (row * shape.bits() + bit) * shape.words();
  }

  int sum(int row, int group) {
    return sums[row * shape.groups() + group];
  }

  float scale(int row, int group) {
    return scales[row * shape.groups() + group];
  }
}
