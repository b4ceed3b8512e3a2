package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;

import jdk.incubator.vector.FloatVector;

/// [#POSITIONS] neighbouring positions of one layer's key-value cache, for one sequence, and the
/// arithmetic of one query on them as they are stored.
///
/// Keys stand dimension by dimension, so that a lane of the scores is a position; values stand
/// position by position, so that a lane of the mix is a dimension. No sum crosses lanes: results
/// depend on no vector width, and equal those of [Attention] bit for bit.
public abstract sealed class CachePage implements Attention.KeyValues
    permits CachePageFloat, CachePageHalf, CachePageQ80 {
  /// Positions of a page: one chunk of [ScalarKernels#CHUNK] terms of a mix.
  public static final int POSITIONS = ScalarKernels.CHUNK;

  final int heads;
  final int headSize;

  CachePage(int heads, int headSize) {
    this.heads = heads;
    this.headSize = headSize;
  }

  /// Stores a position: `heads` × `headSize` keys at `keys[at]`, as many values at `values[at]`.
  ///
  /// @throws ArithmeticException when one does not fit the format
  public final void put(int position, float[] keys, float[] values, int at) {
    for (int head = 0; head < heads; head++) {
      putKey(head, position, keys, at + head * headSize);
      putValue(head, position, values, at + head * headSize);
    }
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
