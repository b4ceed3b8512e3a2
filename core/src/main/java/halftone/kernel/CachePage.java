package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;

import jdk.incubator.vector.FloatVector;

/// [#POSITIONS] neighbouring positions of one layer's key-value cache, for one sequence, and the
/// arithmetic of one query on them as they are stored.
///
/// Keys stand dimension by dimension, [#TOGETHER] positions at a time, so that a lane of the scores
/// is a position and a key lies on few lines; values stand position by position, so that a lane of
/// the mix is a dimension. No sum crosses lanes: results depend on no vector width, and equal those
/// of [Attention] bit for bit.
public abstract sealed class CachePage implements Attention.KeyValues
    permits CachePageFloat, CachePageHalf, CachePageQ80 {
  /// Positions of a page: one chunk of [ScalarKernels#CHUNK] terms of a mix.
  public static final int POSITIONS = ScalarKernels.CHUNK;

  /// Positions whose keys lie together, a multiple of all lanes.
  private static final int TOGETHER = 16;

  final int heads;
  final int headSize;

  CachePage(int heads, int headSize) {
    this.heads = heads;
    this.headSize = headSize;
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

  /// Products of the query at `query[at]` with the keys of all positions before `to`, into
  /// `out[outAt …]`, which has room for the whole page.
  public abstract void scores(int head, float[] query, int at, int to, float[] out, int outAt);

  /// Adds Σ weight · value over the positions `from … to − 1` to `out[at …]`; position p's weight
  /// is `weights[weightsAt + p]`.
  public abstract void mix(
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
