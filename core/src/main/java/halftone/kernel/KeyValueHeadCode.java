package halftone.kernel;

import java.lang.foreign.MemorySegment;

/// In machine code: keys and values stand position by position.
final class KeyValueHeadCode extends KeyValueHead {
  private final StripCode code;
  private final int paddedLength;
  private final MemorySegment keys;
  private final MemorySegment values;

  KeyValueHeadCode(StripCode code, int head, int length, Attention.KeyValues source) {
    this.code = code;
    this.paddedLength = Math.ceilDiv(length, code.together()) * code.together();
    int size = code.headSize();
    float[] keyRows = new float[paddedLength * size];
    float[] valueRows = new float[length * size];
    for (int t = 0; t < length; t++) {
      source.key(head, t, keyRows, t * size);
      source.value(head, t, valueRows, t * size);
    }
    this.keys = MemorySegment.ofArray(keyRows);
    this.values = MemorySegment.ofArray(valueRows);
  }

  @Override
  int width() {
    return code.width();
  }

  @Override
  int paddedLength() {
    return paddedLength;
  }

  @Override
  void scores(QueryStrip strip, int from, int seen) {
    code.scores(keys, strip, from, seen - from);
  }

  @Override
  void powers(QueryStrip strip, int from, int seen, float factor) {
    code.powers(strip, from, seen - from, factor);
  }

  @Override
  void mix(QueryStrip strip, int from, int seen) {
    for (int first = from; first < seen; first += ScalarKernels.CHUNK) {
      code.mix(values, strip, first, Math.min(ScalarKernels.CHUNK, seen - first));
    }
  }
}
