package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;

import halftone.machine.InstructionSet;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// [#POSITIONS] neighbouring positions of one layer's key-value cache, for one sequence, and the
/// arithmetic of a token's queries on them as they are stored.
///
/// Keys stand dimension by dimension, [#TOGETHER] positions at a time, so that a lane of the scores
/// is a position and a key lies on few lines; values stand position by position, so that a lane of
/// the mix is a dimension. No sum crosses lanes: results depend on no vector width, and equal those
/// of [Attention] bit for bit, in machine code as in vectors.
public abstract sealed class CachePage implements Attention.KeyValues
    permits CachePageFloat, CachePageHalf, CachePageQ80 {
  /// Positions of a page: one chunk of [ScalarKernels#CHUNK] terms of a mix.
  public static final int POSITIONS = ScalarKernels.CHUNK;

  /// Positions whose keys lie together, a multiple of all lanes.
  static final int TOGETHER = 16;

  final int heads;
  final int headSize;
  private final CacheElement element;
  private final MemorySegment keys;
  private final MemorySegment values;
  private final @Nullable CacheCode code;

  /// @param set whose instructions work on the page
  /// @param keys all of them, one head behind the other, as [CacheElement] says where there is
  ///   machine code
  /// @param values likewise
  CachePage(
      CacheElement element,
      int heads,
      int headSize,
      InstructionSet set,
      MemorySegment keys,
      MemorySegment values) {
    this.heads = heads;
    this.headSize = headSize;
    this.element = element;
    this.keys = keys;
    this.values = values;
    this.code = CacheCode.of(set, element, headSize);
  }

  /// Stores a head's key, from `keys[at]` on, and its value, from `values[at]` on. Heads may be
  /// stored by several threads.
  ///
  /// @throws ArithmeticException when a number does not fit the format
  public final void put(int head, int position, float[] keys, float[] values, int at) {
    putKey(head, position, keys, at);
    putValue(head, position, values, at);
  }

  /// Where a dimension of a key stands; the next dimension [#TOGETHER] places on.
  final int keyAt(int head, int position, int dimension) {
    int group = head * POSITIONS + position / TOGETHER * TOGETHER;
    return group * headSize + dimension * TOGETHER + position % TOGETHER;
  }

  abstract void putKey(int head, int position, float[] key, int at);

  abstract void putValue(int head, int position, float[] value, int at);

  /// Products of the queries with the keys of all positions before `to`, into `scores[at …]` of
  /// each, which has room for the whole page.
  public final void scores(int head, int to, QueryGroup queries, int at) {
    if (code != null) {
      long first = (long) head * (POSITIONS / TOGETHER) * element.groupBytes(headSize);
      code.scores(keys, first, to, queries, at);
      return;
    }
    for (int q = 0; q < queries.count(); q++) {
      int out = q * queries.stride() + at;
      scores(head, queries.queries().array(), q * headSize, to, queries.scores().array(), out);
    }
  }

  /// Adds Σ score · value over the positions `from … to − 1`, and Σ score, to what each query
  /// mixes; position p's score is at `scores[at + p]`.
  public final void mix(int head, int from, int to, QueryGroup queries, int at) {
    if (code != null) {
      long first = (long) (head * POSITIONS + from) * element.valueBytes(headSize);
      code.mix(values, first, to - from, queries, at + from);
      return;
    }
    for (int q = 0; q < queries.count(); q++) {
      int weights = q * queries.stride() + at;
      int out = q * QueryGroup.mixedStride(headSize);
      mix(head, queries.scores().array(), weights, from, to, queries.mixed().array(), out);
      for (int position = from; position < to; position++) {
        queries.mixed().array()[out + headSize] += queries.scores().array()[weights + position];
      }
    }
  }

  /// Products of the query at `query[at]` with the keys of all positions before `to`, into
  /// `out[outAt …]`, which has room for the whole page.
  abstract void scores(int head, float[] query, int at, int to, float[] out, int outAt);

  /// Adds Σ weight · value over the positions `from … to − 1` to `out[at …]`; position p's weight
  /// is `weights[weightsAt + p]`.
  abstract void mix(
      int head, float[] weights, int weightsAt, int from, int to, float[] out, int at);

  /// Bytes of the stored keys and values.
  public abstract long bytes();

  final float requireFit(float value, boolean fits) {
    if (!fits) {
      throw new ArithmeticException(
          "a key or value of " + value + " does not fit the key-value cache; keep it in f32");
    }
    return value;
  }

  /// Dimensions beyond the last whole vector.
  final int wholeLanes() {
    return LANES.loopBound(headSize);
  }

  static void addTo(float[] out, int at, FloatVector sum) {
    FloatVector.fromArray(LANES, out, at).add(sum).intoArray(out, at);
  }

  /// Whole vectors of positions that cover those before `to`.
  static int covering(int to) {
    return Math.ceilDiv(to, L) * L;
  }
}
