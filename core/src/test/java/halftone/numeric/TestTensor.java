package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The tensor, importance and random bytes of the method card `gguf-quants`, §9.
final class TestTensor {
  static final int ROWS = 2;
  static final int COLUMNS = 512;

  private TestTensor() {}

  static int hash(int i) {
    int x = i * (int) 2654435761L + 12345;
    x ^= x >>> 15;
    x *= (int) 2246822519L;
    x ^= x >>> 13;
    x *= (int) 3266489917L;
    return x ^ x >>> 16;
  }

  static float[] weights() {
    float[] x = new float[ROWS * COLUMNS];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < 4; k++) {
        x[i] += ((hash(4 * i + k) >>> 16) - 32768) / 131072f;
      }
      if (i % 97 == 13) {
        x[i] *= 4;
      }
    }
    return x;
  }

  static float[] importance() {
    float[] v = new float[COLUMNS];
    for (int j = 0; j < COLUMNS; j++) {
      v[j] = 1 + (hash(1000003 + j) & 1023) / 256f;
    }
    return v;
  }

  static byte[] bytes(int length) {
    byte[] b = new byte[length];
    for (int j = 0; j < length; j++) {
      b[j] = (byte) hash(7000000 + j);
    }
    return b;
  }

  static byte[] encode(
      WeightFormat format, float[] x, int rows, int columns, float @Nullable [] importance) {
    return pack(format, format.fit(x, 0, rows, columns, importance));
  }

  static byte[] pack(WeightFormat format, FittedRows fitted) {
    byte[] out = new byte[(int) (fitted.rows() * format.layout().bytesOf(fitted.columns()))];
    fitted.pack(MemorySegment.ofArray(out), 0);
    return out;
  }

  static float[] decode(NumberFormat format, byte[] bytes) {
    int count = bytes.length / format.layout().bytes() * format.layout().weights();
    float[] out = new float[count];
    format.decode(MemorySegment.ofArray(bytes), 0, out, 0, count);
    return out;
  }

  static String crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return "%08x".formatted(crc.getValue());
  }

  static String crc(float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return crc(buffer.array());
  }
}
