package halftone.llamacpp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/// Inputs that every GGML type is checked on, made from a 32-bit hash, so that other languages can
/// make them too.
public final class CardVectors {
  private CardVectors() {}

  /// A hash of `index` with well mixed bits.
  public static int hash(int index) {
    int x = index * 0x9E3779B1 + 12345;
    x ^= x >>> 15;
    x *= 0x85EBCA77;
    x ^= x >>> 13;
    x *= 0xC2B2AE3D;
    return x ^ x >>> 16;
  }

  /// Two rows of 512 bell-shaped weights with an outlier in every 97.
  public static float[] weights() {
    float[] weights = new float[1024];
    for (int i = 0; i < weights.length; i++) {
      float sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += ((hash(4 * i + k) >>> 16) - 32768) / 131072f;
      }
      weights[i] = i % 97 == 13 ? 4 * sum : sum;
    }
    return weights;
  }

  /// Importance of 512 columns, 1 to 5.
  public static float[] importance() {
    float[] importance = new float[512];
    for (int j = 0; j < importance.length; j++) {
      importance[j] = 1 + (hash(1000003 + j) & 1023) / 256f;
    }
    return importance;
  }

  /// `count` well mixed bytes.
  public static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int j = 0; j < count; j++) {
      bytes[j] = (byte) hash(7000000 + j);
    }
    return bytes;
  }

  public static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /// CRC-32 of the values as little-endian binary32.
  public static int crc(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return crc(bytes.array());
  }
}
