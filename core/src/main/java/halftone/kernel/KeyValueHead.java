package halftone.kernel;

import halftone.machine.InstructionSet;
import org.jspecify.annotations.Nullable;

/// Keys and values of one head of one sequence, laid out for strips of queries: scores = K·qᵀ, a
/// softmax of each query's, and mixes = pᵀ·V. All implementations give the same bits.
abstract sealed class KeyValueHead permits KeyValueHeadCode, KeyValueHeadVector {
  /// Lays the first `length` positions out.
  static KeyValueHead of(
      InstructionSet set, int headSize, int head, int length, Attention.KeyValues source) {
    @Nullable StripCode code = StripCode.of(set, headSize);
    return code == null
        ? new KeyValueHeadVector(headSize, head, length, source)
        : new KeyValueHeadCode(code, head, length, source);
  }

  /// Queries of a strip.
  abstract int width();

  /// Keys whose scores a strip has room for.
  abstract int paddedLength();

  /// Products of the queries with the keys `from … seen − 1`, into the strip's scores. More keys up
  /// to [#paddedLength] may get one.
  ///
  /// @param from a multiple of [ScalarKernels#CHUNK]
  abstract void scores(QueryStrip strip, int from, int seen);

  /// Turns the scores z of each query into e^(factor · (z − highest)), and adds these up.
  abstract void powers(QueryStrip strip, int from, int seen, float factor);

  /// Adds Σ power · value to the mixed values, [ScalarKernels#CHUNK] positions at a time.
  abstract void mix(QueryStrip strip, int from, int seen);
}
