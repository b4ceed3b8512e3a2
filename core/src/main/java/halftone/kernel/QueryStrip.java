package halftone.kernel;

import java.util.Arrays;

/// A strip of neighbouring queries of one head on their way through its keys and values. A thread
/// uses one again and again.
final class QueryStrip {
  private int width;
  private int headSize;
  private Floats lanes = new Floats(new float[0]);
  private Floats scores = lanes;
  private Floats sums = lanes;
  private Floats mixed = lanes;

  /// Makes room; what it held is undefined, but for the mixed values, which are zero.
  ///
  /// @param newWidth how many queries there are
  /// @param keys whose scores have room
  void shape(int newWidth, int newHeadSize, int keys) {
    if (width != newWidth || headSize != newHeadSize) {
      width = newWidth;
      headSize = newHeadSize;
      lanes = new Floats(new float[width * headSize]);
      sums = new Floats(new float[width]);
      mixed = new Floats(new float[width * headSize]);
    }
    if (scores.array().length < keys * width) {
      scores = new Floats(new float[keys * width]);
    }
    Arrays.fill(mixed.array(), 0);
  }

  /// Takes in a query.
  ///
  /// @param lane which one it is
  void put(int lane, float[] query) {
    float[] to = lanes.array();
    int at = lane;
    for (int d = 0; d < headSize; d++) {
      to[at] = query[d];
      at += width;
    }
  }

  /// How many queries there are.
  int width() {
    return width;
  }

  /// The queries {head size × width}.
  Floats lanes() {
    return lanes;
  }

  /// {keys × width}: first the products of keys and queries, then powers of e.
  Floats scores() {
    return scores;
  }

  /// Of each query's powers.
  Floats sums() {
    return sums;
  }

  /// {width × head size}: Σ power · value.
  Floats mixed() {
    return mixed;
  }
}
