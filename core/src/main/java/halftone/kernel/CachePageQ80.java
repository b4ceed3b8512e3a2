package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;

import halftone.machine.InstructionSet;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Keys and values as ggml's Q8_0 along the head: 32 signed bytes under a binary16 scale, 34 bytes
/// for 32 values, rounded as ggml's CPU code rounds what it appends (d = max/127 in 16 bits, codes
/// by 127/max, ties to even).
public final class CachePageQ80 extends CachePage {
  /// Values under one scale.
  public static final int BLOCK = 32;

  private static final int INFINITE = 0x7C00;

  /// There are no vectors of 32 bits: on a machine with 128-bit vectors, bytes are widened one by
  /// one.
  private static final boolean WIDE = LANES.vectorBitSize() >= 256;

  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES.vectorBitSize() / 4)));

  private static final VarHandle HALF =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /// Bytes of a scale, and of those of keys that lie together.
  private static final int SCALE = Short.BYTES;

  private static final int SCALES = TOGETHER * SCALE;

  private final int blocks;
  private final byte[] keys;
  private final byte[] values;

  /// @throws IllegalArgumentException when a head is not whole blocks of 32
  public CachePageQ80(int heads, int headSize) {
    this(heads, headSize, InstructionSet.chosen());
  }

  CachePageQ80(int heads, int headSize, InstructionSet set) {
    this(
        heads, headSize, set, new byte[length(heads, headSize)], new byte[length(heads, headSize)]);
  }

  private CachePageQ80(int heads, int headSize, InstructionSet set, byte[] keys, byte[] values) {
    super(
        CacheElement.CODE,
        heads,
        headSize,
        set,
        MemorySegment.ofArray(keys),
        MemorySegment.ofArray(values));
    this.blocks = headSize / BLOCK;
    this.keys = keys;
    this.values = values;
  }

  private static int length(int heads, int headSize) {
    if (headSize % BLOCK != 0) {
      throw new IllegalArgumentException(
          "heads of %d are not whole blocks of %d, as a q8_0 cache needs; keep it in f16"
              .formatted(headSize, BLOCK));
    }
    return heads * headSize / BLOCK * POSITIONS * (SCALE + BLOCK);
  }

  /// Where the scale of a block of a key stands.
  private int keyScaleAt(int head, int position, int block) {
    int group = (head * POSITIONS + position) / TOGETHER;
    return (group * blocks + block) * TOGETHER * (SCALE + BLOCK) + position % TOGETHER * SCALE;
  }

  /// Where a dimension of a key stands.
  private int keyCodeAt(int head, int position, int dimension) {
    int group = (head * POSITIONS + position) / TOGETHER;
    int block = (group * blocks + dimension / BLOCK) * TOGETHER * (SCALE + BLOCK);
    return block + SCALES + dimension % BLOCK * TOGETHER + position % TOGETHER;
  }

  /// Where the scale of a block of a value stands; its codes are behind it.
  private int valueAt(int head, int position, int block) {
    return ((head * POSITIONS + position) * blocks + block) * (SCALE + BLOCK);
  }

  private static float scale(byte[] bytes, int at) {
    return Float.float16ToFloat((short) HALF.get(bytes, at));
  }

  private float largest(float[] x, int at) {
    float largest = 0;
    for (int i = at; i < at + BLOCK; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    return largest;
  }

  private short scale(float largest) {
    short scale = Float.floatToFloat16(largest / 127);
    float unused = requireFit(largest, (scale & INFINITE) != INFINITE);
    return scale;
  }

  private static float inverse(float largest) {
    return largest == 0 ? 0 : 127 / largest;
  }

  @Override
  void putKey(int head, int position, float[] key, int at) {
    for (int b = 0; b < blocks; b++) {
      float largest = largest(key, at + b * BLOCK);
      float inverse = inverse(largest);
      HALF.set(keys, keyScaleAt(head, position, b), scale(largest));
      int to = keyCodeAt(head, position, b * BLOCK);
      for (int d = 0; d < BLOCK; d++) {
        keys[to + d * TOGETHER] = (byte) Math.rint(key[at + b * BLOCK + d] * inverse);
      }
    }
  }

  @Override
  void putValue(int head, int position, float[] value, int at) {
    for (int b = 0; b < blocks; b++) {
      float largest = largest(value, at + b * BLOCK);
      float inverse = inverse(largest);
      int to = valueAt(head, position, b);
      HALF.set(values, to, scale(largest));
      for (int d = 0; d < BLOCK; d++) {
        values[to + SCALE + d] = (byte) Math.rint(value[at + b * BLOCK + d] * inverse);
      }
    }
  }

  @Override
  public void key(int head, int position, float[] out, int at) {
    for (int d = 0; d < headSize; d++) {
      float scale = scale(keys, keyScaleAt(head, position, d / BLOCK));
      out[at + d] = scale * keys[keyCodeAt(head, position, d)];
    }
  }

  @Override
  public void value(int head, int position, float[] out, int at) {
    for (int d = 0; d < headSize; d++) {
      int block = valueAt(head, position, d / BLOCK);
      out[at + d] = scale(values, block) * values[block + SCALE + d % BLOCK];
    }
  }

  @Override
  void scores(int head, float[] query, int at, int to, float[] out, int outAt) {
    float[] scales = new float[L];
    for (int position = 0; position < covering(to); position += L) {
      FloatVector total = FloatVector.zero(LANES);
      for (int from = 0; from < headSize; from += ScalarKernels.CHUNK) {
        int end = Math.min(headSize, from + ScalarKernels.CHUNK);
        FloatVector sum = FloatVector.zero(LANES);
        FloatVector scale = FloatVector.zero(LANES);
        for (int d = from; d < end; d++) {
          if (d % BLOCK == 0) {
            widenScales(keyScaleAt(head, position, d / BLOCK), scales);
            scale = FloatVector.fromArray(LANES, scales, 0);
          }
          int key = keyCodeAt(head, position, d);
          FloatVector factor = FloatVector.broadcast(LANES, query[at + d]);
          sum = codes(keys, key).mul(scale).fma(factor, sum);
        }
        total = total.add(sum);
      }
      total.intoArray(out, outAt + position);
    }
  }

  private void widenScales(int at, float[] scales) {
    for (int i = 0; i < scales.length; i++) {
      scales[i] = scale(keys, at + i * SCALE);
    }
  }

  @Override
  void mix(int head, float[] weights, int weightsAt, int from, int to, float[] out, int at) {
    for (int d = 0; d < headSize; d += L) {
      FloatVector sum = FloatVector.zero(LANES);
      for (int position = from; position < to; position++) {
        int block = valueAt(head, position, d / BLOCK);
        float scale = scale(values, block);
        FloatVector weight = FloatVector.broadcast(LANES, weights[weightsAt + position]);
        sum = codes(values, block + SCALE + d % BLOCK).mul(scale).fma(weight, sum);
      }
      addTo(out, at + d, sum);
    }
  }

  private static FloatVector codes(byte[] codes, int at) {
    if (WIDE) {
      ByteVector bytes = ByteVector.fromArray(BYTES, codes, at);
      return (FloatVector) bytes.convertShape(VectorOperators.B2F, LANES, 0);
    }
    float[] wide = new float[L];
    for (int i = 0; i < L; i++) {
      wide[i] = codes[at + i];
    }
    return FloatVector.fromArray(LANES, wide, 0);
  }

  @Override
  public long bytes() {
    return 2L * heads * blocks * POSITIONS * (BLOCK + Short.BYTES);
  }
}
