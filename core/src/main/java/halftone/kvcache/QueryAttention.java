package halftone.kvcache;

import halftone.kernel.Attention;
import halftone.kernel.CachePage;
import halftone.kernel.RowKernels;
import java.util.Arrays;

/// Softmax attention of a sequence's newest position on its cache: bit for bit what [Attention]
/// gives for the same position.
///
/// @param attention its key-value rounding plays no part: the cache has rounded
public record QueryAttention(Attention attention) {
  /// Scores are computed for whole pages.
  private static final int PAGE = CachePage.POSITIONS;

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  /// Arrays that a thread uses again: a text has one position more with every call.
  private static final class Scratch {
    private float[] scores = {};
    private float[] query = {};

    float[] scores(int count) {
      scores = scores.length < count ? new float[2 * count] : scores;
      return scores;
    }

    float[] query(int size) {
      query = query.length == size ? query : new float[size];
      return query;
    }
  }

  /// The query heads that read key-value head `head`.
  ///
  /// @param queries rows of heads × head size; `row` is the newest position's
  /// @param out rows like those of `queries`
  public void run(float[] queries, int row, LayerCache cache, int head, float[] out) {
    int size = attention.headSize();
    int sharing = attention.heads() / attention.keyValueHeads();
    int held = cache.length() - cache.first();
    Scratch scratch = SCRATCH.get();
    float[] scores = scratch.scores(Math.ceilDiv(held, PAGE) * PAGE);
    float[] query = scratch.query(size);
    for (int a = head * sharing; a < (head + 1) * sharing; a++) {
      int at = (row * attention.heads() + a) * size;
      System.arraycopy(queries, at, query, 0, size);
      attention.queryRounding().round(query, 0, size);
      attend(query, cache, head, scores, out, at);
    }
  }

  private void attend(
      float[] query, LayerCache cache, int head, float[] scores, float[] out, int at) {
    int size = attention.headSize();
    cache.scores(head, query, 0, scores);
    int from = firstSeen(cache);
    int start = from - cache.first();
    int count = cache.length() - from;
    float sum = RowKernels.softmax(scores, start, count, cap(scores, start, count));
    Arrays.fill(out, at, at + size, 0);
    cache.mix(head, scores, from, out, at);
    for (int i = at; i < at + size; i++) {
      out[i] /= sum;
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
