package halftone.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The query heads of a token that read the same head of keys and values, on their way through a
/// cache. A thread uses one again and again.
public final class QueryGroup {
  /// A sum stands in all lanes of the longest vector.
  private static final int LANES = 16;

  private int count;
  private int headSize;
  private int stride;
  private float[] queries = {};
  private float[] scores = {};
  private float[] mixed = {};
  private MemorySegment querySegment = MemorySegment.ofArray(queries);
  private MemorySegment scoreSegment = MemorySegment.ofArray(scores);
  private MemorySegment mixedSegment = MemorySegment.ofArray(mixed);

  /// Makes room for some queries; what they held is undefined, but for the mixed values and sums,
  /// which are zero.
  ///
  /// @param positions whose scores have room, a multiple of [CachePage#POSITIONS]
  public void shape(int newCount, int newHeadSize, int positions) {
    count = newCount;
    headSize = newHeadSize;
    stride = positions;
    if (queries.length < count * headSize) {
      queries = new float[count * headSize];
      querySegment = MemorySegment.ofArray(queries);
    }
    if (mixed.length < count * mixedStride(headSize)) {
      mixed = new float[count * mixedStride(headSize)];
      mixedSegment = MemorySegment.ofArray(mixed);
    }
    if (scores.length < count * stride) {
      scores = new float[2 * count * stride]; // a text has one position more with every call
      scoreSegment = MemorySegment.ofArray(scores);
    }
    Arrays.fill(mixed, 0, count * mixedStride(headSize), 0);
  }

  /// How many queries there are.
  public int count() {
    return count;
  }

  /// Floats of a query.
  public int headSize() {
    return headSize;
  }

  /// Floats between the scores of two queries.
  public int stride() {
    return stride;
  }

  /// {count × head size}.
  public float[] queries() {
    return queries;
  }

  /// {count × stride}.
  public float[] scores() {
    return scores;
  }

  /// Sums of values times scores, each query's followed by the sum of its scores, {count ×
  /// [#mixedStride]}.
  public float[] mixed() {
    return mixed;
  }

  /// Floats between the mixed values of two queries.
  public static int mixedStride(int headSize) {
    return headSize + LANES;
  }

  MemorySegment querySegment() {
    return querySegment;
  }

  MemorySegment scoreSegment() {
    return scoreSegment;
  }

  MemorySegment mixedSegment() {
    return mixedSegment;
  }
}
