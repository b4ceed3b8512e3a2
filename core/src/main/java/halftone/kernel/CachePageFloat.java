package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;

import halftone.machine.InstructionSet;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// Keys and values in float32: 4 bytes each.
public final class CachePageFloat extends CachePage {
  private final float[] keys;
  private final float[] values;

  public CachePageFloat(int heads, int headSize) {
    this(heads, headSize, InstructionSet.chosen());
  }

  CachePageFloat(int heads, int headSize, InstructionSet set) {
    this(
        heads,
        headSize,
        set,
        new float[heads * headSize * POSITIONS],
        new float[heads * headSize * POSITIONS]);
  }

  private CachePageFloat(
      int heads, int headSize, InstructionSet set, float[] keys, float[] values) {
    super(
        CacheElement.FLOAT,
        heads,
        headSize,
        set,
        MemorySegment.ofArray(keys),
        MemorySegment.ofArray(values));
    this.keys = keys;
    this.values = values;
  }

  @Override
  void putKey(int head, int position, float[] key, int at) {
    for (int d = 0; d < headSize; d++) {
      keys[keyAt(head, position, d)] = key[at + d];
    }
  }

  @Override
  void putValue(int head, int position, float[] value, int at) {
    System.arraycopy(value, at, values, (head * POSITIONS + position) * headSize, headSize);
  }

  @Override
  public void key(int head, int position, float[] out, int at) {
    for (int d = 0; d < headSize; d++) {
      out[at + d] = keys[keyAt(head, position, d)];
    }
  }

  @Override
  public void value(int head, int position, float[] out, int at) {
    System.arraycopy(values, (head * POSITIONS + position) * headSize, out, at, headSize);
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
          sum = FloatVector.fromArray(LANES, keys, key).fma(factor, sum);
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
        sum = FloatVector.fromArray(LANES, values, base + position * headSize + d).fma(weight, sum);
      }
      addTo(out, at + d, sum);
    }
    for (int d = wholeLanes(); d < headSize; d++) {
      float sum = 0;
      for (int position = from; position < to; position++) {
        sum = Math.fma(values[base + position * headSize + d], weights[weightsAt + position], sum);
      }
      out[at + d] += sum;
    }
  }

  @Override
  public long bytes() {
    return 2L * heads * headSize * POSITIONS * Float.BYTES;
  }
}
