package halftone.numeric;

import java.util.Arrays;
import java.util.List;

/// Finds the entry nearest to a vector of scaled magnitudes: a table of cells, each with the
/// entries that can be nearest to some vector in it.
///
/// Cells are boxes between equally spaced bounds, 16⁴ of them for entries of four values, 3⁸ for
/// entries of eight. Within the box from one level spacing below the smallest level (two where
/// levels have signs) to two above the largest, the search is exact. Farther out every candidate is
/// still measured truly, but a nearer entry may not be among them.
final class GridCells {
  /// Keeps rounding errors from excluding a candidate.
  private static final float SLACK = 1.001f;

  private final float[] points;
  private final int arity;
  private final int bins;
  private final float width;
  private final float inverseWidth;
  private final float origin;
  private final int[] starts;
  private final short[] candidates;

  /// Distance of each candidate from the middle of its cell, ascending within a cell, as the bits
  /// of a float: positive ones order as integers do, and faster.
  private final int[] distances;

  private GridCells(Builder builder) {
    this.points = builder.points;
    this.arity = builder.arity;
    this.bins = builder.bins;
    this.width = builder.width;
    this.inverseWidth = 1 / builder.width;
    this.origin = builder.origin;
    this.starts = builder.starts;
    this.candidates = Arrays.copyOf(builder.candidates, builder.used);
    this.distances = Arrays.copyOf(builder.distances, builder.used);
  }

  static GridCells of(GridCodebook codebook) {
    Builder builder = new Builder(codebook);
    builder.split(0, 0, builder.allEntries());
    return new GridCells(builder);
  }

  /// Value `j` of an entry.
  float point(int entry, int j) {
    return points[entry * arity + j];
  }

  /// The entry nearest to `x[at … at + arity − 1]`, the lower one of two equally near.
  int nearest(float[] x, int at) {
    int cell = 0;
    float square = 0;
    for (int j = 0; j < arity; j++) {
      float place = (x[at + j] - origin) * inverseWidth;
      int bin = Math.max(0, Math.min((int) place, bins - 1));
      cell = cell * bins + bin;
      float offset = place - bin - 0.5f;
      square += offset * offset;
    }
    int start = starts[cell];
    int end = starts[cell + 1];
    if (end == start + 1) {
      return candidates[start];
    }
    return arity == 4
        ? nearestOfFour(x, at, start, end)
        : nearestOfEight(x, at, start, end, SLACK * width * (float) Math.sqrt(square));
  }

  private int nearestOfFour(float[] x, int at, int start, int end) {
    float x0 = x[at];
    float x1 = x[at + 1];
    float x2 = x[at + 2];
    float x3 = x[at + 3];
    long best = Long.MAX_VALUE;
    for (int c = start; c < end; c++) {
      int p = 4 * candidates[c];
      float d0 = x0 - points[p];
      float d1 = x1 - points[p + 1];
      float d2 = x2 - points[p + 2];
      float d3 = x3 - points[p + 3];
      float square = (d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3);
      best = Math.min(best, ranked(square, candidates[c]));
    }
    return (short) best;
  }

  /// Stops at candidates that the triangle inequality excludes; `offset` is the distance from x to
  /// the cell's middle.
  private int nearestOfEight(float[] x, int at, int start, int end, float offset) {
    float x0 = x[at];
    float x1 = x[at + 1];
    float x2 = x[at + 2];
    float x3 = x[at + 3];
    float x4 = x[at + 4];
    float x5 = x[at + 5];
    float x6 = x[at + 6];
    float x7 = x[at + 7];
    long best = Long.MAX_VALUE;
    int limit = Integer.MAX_VALUE;
    for (int c = start; c < end && distances[c] <= limit; c++) {
      int p = 8 * candidates[c];
      float d0 = x0 - points[p];
      float d1 = x1 - points[p + 1];
      float d2 = x2 - points[p + 2];
      float d3 = x3 - points[p + 3];
      float d4 = x4 - points[p + 4];
      float d5 = x5 - points[p + 5];
      float d6 = x6 - points[p + 6];
      float d7 = x7 - points[p + 7];
      float square =
          ((d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3)) + ((d4 * d4 + d5 * d5) + (d6 * d6 + d7 * d7));
      limit = Math.min(limit, Float.floatToRawIntBits(offset + (float) Math.sqrt(square)));
      best = Math.min(best, ranked(square, candidates[c]));
    }
    return (short) best;
  }

  /// A number that orders by distance, then by code: comparing it needs no branch.
  private static long ranked(float square, short entry) {
    return (long) Float.floatToRawIntBits(square) << 16 | entry;
  }

  /// Cuts space dimension by dimension and drops, in each box, the entries that another is always
  /// nearer than.
  private static final class Builder {
    /// Entries nearest to a box's middle that others are compared with.
    private static final int RIVALS = 12;

    /// Boxes overlap by this much, so that rounding at their bounds loses nothing.
    private static final float MARGIN = 0x1p-10f;

    private final float[] points;
    private final int arity;
    private final int bins;
    private final float width;
    private final float origin;
    private final int[] starts;
    private final float[] low;
    private final float[] high;
    private final float[] middle;
    private short[] candidates = new short[1 << 16];
    private int[] distances = new int[1 << 16];
    private int used;

    Builder(GridCodebook codebook) {
      byte[] bytes = codebook.readPoints();
      this.points = new float[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        points[i] = bytes[i];
      }
      List<Integer> levels = codebook.magnitudes();
      float spacing = (levels.getLast() - levels.getFirst()) / (levels.size() - 1f);
      this.arity = codebook.arity();
      this.bins = arity == 4 ? 2 * levels.size() : levels.size();
      this.width = spacing * levels.size() / bins;
      this.origin = levels.getFirst() - spacing / 2;
      this.starts = new int[(int) Math.pow(bins, arity) + 1];
      this.low = new float[arity];
      this.high = new float[arity];
      this.middle = new float[arity];
      Arrays.fill(middle, (levels.getFirst() + levels.getLast()) / 2f);
      // Magnitudes turn negative by a flipped sign only, and by little.
      float reach = levels.getFirst() < 0 ? 2 * spacing : spacing;
      Arrays.fill(low, levels.getFirst() - reach);
      Arrays.fill(high, levels.getLast() + 2 * spacing);
    }

    short[] allEntries() {
      short[] all = new short[points.length / arity];
      for (int entry = 0; entry < all.length; entry++) {
        all[entry] = (short) entry;
      }
      return all;
    }

    /// Cuts the box of the cells with number prefix `prefix` along `dimension`.
    void split(int dimension, int prefix, short[] entries) {
      if (dimension == arity) {
        store(prefix, entries);
        return;
      }
      float outerLow = low[dimension];
      float outerHigh = high[dimension];
      float outerMiddle = middle[dimension];
      for (int bin = 0; bin < bins; bin++) {
        low[dimension] = bin == 0 ? outerLow : origin + bin * width;
        high[dimension] = bin == bins - 1 ? outerHigh : origin + (bin + 1) * width;
        middle[dimension] = origin + (bin + 0.5f) * width;
        split(dimension + 1, prefix * bins + bin, survivors(entries));
      }
      low[dimension] = outerLow;
      high[dimension] = outerHigh;
      middle[dimension] = outerMiddle;
    }

    private void store(int cell, short[] entries) {
      if (used + entries.length > candidates.length) {
        candidates = Arrays.copyOf(candidates, 2 * candidates.length);
        distances = Arrays.copyOf(distances, candidates.length);
      }
      for (short entry : entries) {
        candidates[used] = entry;
        distances[used++] = Float.floatToRawIntBits((float) Math.sqrt(squareToMiddle(entry)));
      }
      starts[cell + 1] = used;
    }

    /// The entries that can be nearest somewhere in the box, and perhaps a few more, ascending by
    /// distance to its middle.
    private short[] survivors(short[] entries) {
      long[] ranked = new long[entries.length];
      for (int i = 0; i < entries.length; i++) {
        ranked[i] = (long) Float.floatToIntBits(squareToMiddle(entries[i])) << 32 | entries[i];
      }
      Arrays.sort(ranked);
      short[] kept = new short[entries.length];
      int count = 0;
      for (int i = 0; i < ranked.length; i++) {
        if (!isBeaten((short) ranked[i], ranked, Math.min(i, RIVALS))) {
          kept[count++] = (short) ranked[i];
        }
      }
      return Arrays.copyOf(kept, count);
    }

    private boolean isBeaten(short entry, long[] ranked, int rivals) {
      for (int r = 0; r < rivals; r++) {
        if (isBeatenBy(entry * arity, (short) ranked[r] * arity)) {
          return true;
        }
      }
      return false;
    }

    /// Whether the point at `entry` is farther than the one at `rival` from all vectors of the box:
    /// their difference in squared distance is linear, so one corner tells.
    private boolean isBeatenBy(int entry, int rival) {
      float leastLead = 0;
      for (int j = 0; j < arity; j++) {
        float x = points[entry + j];
        float y = points[rival + j];
        float corner = x > y ? high[j] + MARGIN : low[j] - MARGIN;
        leastLead += (x - y) * (x + y - 2 * corner);
      }
      return leastLead > 0;
    }

    private float squareToMiddle(int entry) {
      float square = 0;
      for (int j = 0; j < arity; j++) {
        float difference = points[entry * arity + j] - middle[j];
        square += difference * difference;
      }
      return square;
    }
  }
}
