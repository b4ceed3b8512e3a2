package halftone.kvcache;

import halftone.kernel.Attention;
import halftone.kernel.CachePage;
import halftone.kernel.QueryGroup;
import halftone.kernel.RowKernels;

/// Softmax attention of a sequence's newest position on its cache: bit for bit what [Attention]
/// gives for the same position.
///
/// @param attention its key-value rounding plays no part: the cache has rounded
public record QueryAttention(Attention attention) {
  /// Scores are computed for whole pages.
  private static final int PAGE = CachePage.POSITIONS;

  private static final ThreadLocal<QueryGroup> QUERIES = ThreadLocal.withInitial(QueryGroup::new);

  /// The query heads that read key-value head `head`.
  ///
  /// @param queries rows of heads × head size; `row` is the newest position's
  /// @param out rows like those of `queries`
  public void run(float[] queries, int row, LayerCache cache, int head, float[] out) {
    int size = attention.headSize();
    int sharing = attention.heads() / attention.keyValueHeads();
    int at = (row * attention.heads() + head * sharing) * size;
    QueryGroup group = QUERIES.get();
    group.shape(sharing, size, Math.ceilDiv(cache.length() - cache.first(), PAGE) * PAGE);
    System.arraycopy(queries, at, group.queries().array(), 0, sharing * size);
    attention.queryRounding().round(group.queries().array(), 0, sharing * size);
    cache.scores(head, group);
    int first = firstSeen(cache);
    int start = first - cache.first();
    int count = cache.length() - first;
    for (int q = 0; q < sharing; q++) {
      int scores = q * group.stride() + start;
      RowKernels.powers(group.scores(), scores, count, cap(group.scores().array(), scores, count));
    }
    cache.mix(head, group, first);
    float[] mixed = group.mixed().array();
    for (int q = 0; q < sharing; q++) {
      int from = q * QueryGroup.mixedStride(size);
      float sum = mixed[from + size];
      for (int d = 0; d < size; d++) {
        out[at + q * size + d] = mixed[from + d] / sum;
      }
    }
  }

  private int firstSeen(LayerCache cache) {
    int window = attention.window();
    return window == 0 ? cache.first() : Math.max(cache.first(), cache.length() - window);
  }

  private float cap(float[] scores, int start, int count) {
    if (attention.softCap() == 0) {
      return attention.scale();
    }
    RowKernels.scale(scores, start, count, attention.scale(), scores);
    RowKernels.softCap(scores, start, count, attention.softCap(), scores);
    return 1;
  }
}
