package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;

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

  private final int blocks;
  private final byte[] keyCodes;
  private final short[] keyScales;
  private final byte[] valueCodes;
  private final short[] valueScales;

  /// @throws IllegalArgumentException when a head is not whole blocks of 32
  public CachePageQ80(int heads, int headSize) {
    super(heads, headSize);
    if (headSize % BLOCK != 0) {
      throw new IllegalArgumentException(
          "heads of %d are not whole blocks of %d, as a q8_0 cache needs; keep it in f16"
              .formatted(headSize, BLOCK));
    }
    blocks = headSize / BLOCK;
    keyCodes = new byte[heads * headSize * POSITIONS];
    valueCodes = new byte[heads * headSize * POSITIONS];
    keyScales = new short[heads * blocks * POSITIONS];
    valueScales = new short[heads * blocks * POSITIONS];
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
      keyScales[(head * blocks + b) * POSITIONS + position] = scale(largest);
      for (int d = b * BLOCK; d < (b + 1) * BLOCK; d++) {
        int to = keyAt(head, position, d);
        keyCodes[to] = (byte) Math.rint(key[at + d] * inverse);
      }
    }
  }

  @Override
  void putValue(int head, int position, float[] value, int at) {
    int row = head * POSITIONS + position;
    for (int b = 0; b < blocks; b++) {
      float largest = largest(value, at + b * BLOCK);
      float inverse = inverse(largest);
      valueScales[row * blocks + b] = scale(largest);
      for (int d = b * BLOCK; d < (b + 1) * BLOCK; d++) {
        valueCodes[row * headSize + d] = (byte) Math.rint(value[at + d] * inverse);
      }
    }
  }

  @Override
  public void key(int head, int position, float[] out, int at) {
    for (int d = 0; d < headSize; d++) {
      short scale = keyScales[(head * blocks + d / BLOCK) * POSITIONS + position];
      byte code = keyCodes[keyAt(head, position, d)];
      out[at + d] = Float.float16ToFloat(scale) * code;
    }
  }

  @Override
  public void value(int head, int position, float[] out, int at) {
    int row = head * POSITIONS + position;
    for (int d = 0; d < headSize; d++) {
      short scale = valueScales[row * blocks + d / BLOCK];
      out[at + d] = Float.float16ToFloat(scale) * valueCodes[row * headSize + d];
    }
  }

  @Override
  public void scores(int head, float[] query, int at, int to, float[] out, int outAt) {
    float[] scales = new float[L];
    for (int position = 0; position < covering(to); position += L) {
      FloatVector total = FloatVector.zero(LANES);
      for (int from = 0; from < headSize; from += ScalarKernels.CHUNK) {
        int end = Math.min(headSize, from + ScalarKernels.CHUNK);
        FloatVector sum = FloatVector.zero(LANES);
        FloatVector scale = FloatVector.zero(LANES);
        for (int d = from; d < end; d++) {
          if (d % BLOCK == 0) {
            widenScales((head * blocks + d / BLOCK) * POSITIONS + position, scales);
            scale = FloatVector.fromArray(LANES, scales, 0);
          }
          int key = keyAt(head, position, d);
          FloatVector factor = FloatVector.broadcast(LANES, query[at + d]);
          sum = codes(keyCodes, key).mul(scale).fma(factor, sum);
        }
        total = total.add(sum);
      }
      total.intoArray(out, outAt + position);
    }
  }

  private void widenScales(int at, float[] scales) {
    for (int i = 0; i < scales.length; i++) {
      scales[i] = Float.float16ToFloat(keyScales[at + i]);
    }
  }

  @Override
  public void mix(int head, float[] weights, int weightsAt, int from, int to, float[] out, int at) {
    for (int d = 0; d < headSize; d += L) {
      FloatVector sum = FloatVector.zero(LANES);
      for (int position = from; position < to; position++) {
        int row = head * POSITIONS + position;
        float scale = Float.float16ToFloat(valueScales[row * blocks + d / BLOCK]);
        FloatVector weight = FloatVector.broadcast(LANES, weights[weightsAt + position]);
        sum = codes(valueCodes, row * headSize + d).mul(scale).fma(weight, sum);
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
