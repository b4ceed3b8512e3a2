package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;

import halftone.machine.InstructionSet;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;

/// Keys and values in binary16, rounded to nearest, ties to even: 2 bytes each.
public final class CachePageHalf extends CachePage {
  private static final int INFINITE = 0x7C00;

  private final short[] keys;
  private final short[] values;

  public CachePageHalf(int heads, int headSize) {
    this(heads, headSize, InstructionSet.chosen());
  }

  CachePageHalf(int heads, int headSize, InstructionSet set) {
    this(
        heads,
        headSize,
        set,
        new short[heads * headSize * POSITIONS],
        new short[heads * headSize * POSITIONS]);
  }

  private CachePageHalf(int heads, int headSize, InstructionSet set, short[] keys, short[] values) {
    super(
        CacheElement.HALF,
        heads,
        headSize,
        set,
        MemorySegment.ofArray(keys),
        MemorySegment.ofArray(values));
    this.keys = keys;
    this.values = values;
  }

  private short half(float value) {
    short half = Float.floatToFloat16(value);
    float unused = requireFit(value, (half & INFINITE) != INFINITE);
    return half;
  }

  @Override
  void putKey(int head, int position, float[] key, int at) {
    for (int d = 0; d < headSize; d++) {
      keys[keyAt(head, position, d)] = half(key[at + d]);
    }
  }

  @Override
  void putValue(int head, int position, float[] value, int at) {
    int to = (head * POSITIONS + position) * headSize;
    for (int d = 0; d < headSize; d++) {
      values[to + d] = half(value[at + d]);
    }
  }

  @Override
  public void key(int head, int position, float[] out, int at) {
    for (int d = 0; d < headSize; d++) {
      short half = keys[keyAt(head, position, d)];
      out[at + d] = Float.float16ToFloat(half);
    }
  }

  @Override
  public void value(int head, int position, float[] out, int at) {
    int from = (head * POSITIONS + position) * headSize;
    for (int d = 0; d < headSize; d++) {
      out[at + d] = Float.float16ToFloat(values[from + d]);
    }
  }

  @Override
  void scores(int head, float[] query, int at, int to, float[] out, int outAt) {
    for (int position = 0; position < covering(to); position += L) {
      FloatVector total = FloatVector.zero(LANES);
      for (int from = 0; from < headSize; from += ScalarKernels.CHUNK) {
        int end = Math.min(headSize, from + ScalarKernels.CHUNK);
        FloatVector sum = FloatVector.zero(LANES);
        for (int d = from; d < end; d++) {
          int key = keyAt(head, position, d);
          FloatVector factor = FloatVector.broadcast(LANES, query[at + d]);
          sum = Halves.half(ShortVector.fromArray(Halves.SHORTS, keys, key)).fma(factor, sum);
        }
        total = total.add(sum);
      }
      total.intoArray(out, outAt + position);
    }
  }

  @Override
  void mix(int head, float[] weights, int weightsAt, int from, int to, float[] out, int at) {
    int base = head * POSITIONS * headSize;
    for (int d = 0; d < wholeLanes(); d += L) {
      FloatVector sum = FloatVector.zero(LANES);
      for (int position = from; position < to; position++) {
        FloatVector weight = FloatVector.broadcast(LANES, weights[weightsAt + position]);
        int value = base + position * headSize + d;
        sum = Halves.half(ShortVector.fromArray(Halves.SHORTS, values, value)).fma(weight, sum);
      }
      addTo(out, at + d, sum);
    }
    for (int d = wholeLanes(); d < headSize; d++) {
      float sum = 0;
      for (int position = from; position < to; position++) {
        float value = Float.float16ToFloat(values[base + position * headSize + d]);
        sum = Math.fma(value, weights[weightsAt + position], sum);
      }
      out[at + d] += sum;
    }
  }

  @Override
  public long bytes() {
    return 2L * heads * headSize * POSITIONS * Short.BYTES;
  }
}
