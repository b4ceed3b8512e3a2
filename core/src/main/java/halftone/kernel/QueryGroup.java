package halftone.kernel;

import java.util.Arrays;

/// The query heads of a token that read the same head of keys and values, on their way through a
/// cache. A thread uses one again and again.
public final class QueryGroup {
  /// A sum stands in all lanes of the longest vector.
  private static final int LANES = 16;

  private int count;
  private int headSize;
  private int stride;
  private Floats queries = new Floats(new float[0]);
  private Floats scores = queries;
  private Floats mixed = queries;

  /// Makes room for some queries; what they held is undefined, but for the mixed values and sums,
  /// which are zero.
  ///
  /// @param positions whose scores have room, a multiple of [CachePage#POSITIONS]
  public void shape(int newCount, int newHeadSize, int positions) {
    count = newCount;
    headSize = newHeadSize;
    stride = positions;
    queries = withRoom(queries, count * headSize, 1);
    mixed = withRoom(mixed, count * mixedStride(headSize), 1);
    scores = withRoom(scores, count * stride, 2); // a text has one position more with every call
    Arrays.fill(mixed.array(), 0, count * mixedStride(headSize), 0);
  }

  /// These where there is room for so many, or new ones for some times as many.
  private static Floats withRoom(Floats floats, int needed, int times) {
    return floats.array().length < needed ? new Floats(new float[times * needed]) : floats;
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
  public Floats queries() {
    return queries;
  }

  /// {count × stride}.
  public Floats scores() {
    return scores;
  }

  /// Sums of values times scores, each query's followed by the sum of its scores, {count ×
  /// [#mixedStride]}.
  public Floats mixed() {
    return mixed;
  }

  /// Floats between the mixed values of two queries.
  public static int mixedStride(int headSize) {
    return headSize + LANES;
  }
}
