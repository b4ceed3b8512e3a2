package halftone.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A strip of neighbouring queries of one head on their way through its keys and values. A thread
/// uses one again and again.
final class QueryStrip {
  private int width;
  private int headSize;
  private float[] lanes = {};
  private float[] scores = {};
  private float[] sums = {};
  private float[] mixed = {};
  private MemorySegment laneSegment = MemorySegment.ofArray(lanes);
  private MemorySegment scoreSegment = MemorySegment.ofArray(scores);
  private MemorySegment sumSegment = MemorySegment.ofArray(sums);
  private MemorySegment mixedSegment = MemorySegment.ofArray(mixed);

  /// Makes room; what it held is undefined, but for the mixed values, which are zero.
  ///
  /// @param newWidth how many queries there are
  /// @param keys whose scores have room
  void shape(int newWidth, int newHeadSize, int keys) {
    if (width != newWidth || headSize != newHeadSize) {
      width = newWidth;
      headSize = newHeadSize;
      lanes = new float[width * headSize];
      laneSegment = MemorySegment.ofArray(lanes);
      sums = new float[width];
      sumSegment = MemorySegment.ofArray(sums);
      mixed = new float[width * headSize];
      mixedSegment = MemorySegment.ofArray(mixed);
    }
    if (scores.length < keys * width) {
      scores = new float[keys * width];
      scoreSegment = MemorySegment.ofArray(scores);
    }
    Arrays.fill(mixed, 0);
  }

  /// Takes in a query.
  ///
  /// @param lane which one it is
  void put(int lane, float[] query) {
    int to = lane;
    for (int d = 0; d < headSize; d++) {
      lanes[to] = query[d];
      to += width;
    }
  }

  /// How many queries there are.
  int width() {
    return width;
  }

  /// The queries {head size × width}.
  MemorySegment laneSegment() {
    return laneSegment;
  }

  /// {keys × width}: first the products of keys and queries, then powers of e.
  float[] scores() {
    return scores;
  }

  MemorySegment scoreSegment() {
    return scoreSegment;
  }

  /// Of each query's powers.
  float[] sums() {
    return sums;
  }

  MemorySegment sumSegment() {
    return sumSegment;
  }

  /// {width × head size}: Σ power · value.
  float[] mixed() {
    return mixed;
  }

  MemorySegment mixedSegment() {
    return mixedSegment;
  }
}
