package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Checksums of bytes and numbers that the reference (ggml, August 2026) gives for a fixed tensor of 2 rows × 512.
class CardVectorsTest {
  static int hash(int i) {
    int x = i * (int) 2654435761L + 12345;
    x ^= x >>> 15;
    x *= (int) 2246822519L;
    x ^= x >>> 13;
    x *= (int) 3266489917L;
    return x ^ x >>> 16;
  }

  static float[] weights() {
    float[] x = new float[1024];
    for (int i = 0; i < 1024; i++) {
      for (int k = 0; k < 4; k++) {
        x[i] += ((hash(4 * i + k) >>> 16) - 32768) / 131072f;
      }
      x[i] *= i % 97 == 13 ? 4 : 1;
    }
    return x;
  }

  static float[] importance() {
    float[] v = new float[512];
    for (int j = 0; j < 512; j++) {
      v[j] = 1 + (hash(1000003 + j) & 1023) / 256f;
    }
    return v;
  }

  static String crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return "%08x".formatted(crc.getValue());
  }

  static String crc(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return crc(bytes.array());
  }

  private static void check(String format, float @Nullable [] v, String encoded, String decoded) {
    WeightFormat weightFormat = (WeightFormat) NumberFormats.named(format);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(weightFormat.layout().bytesOf(1024));
      weightFormat.fit(weights(), 0, 2, 512, v).pack(bytes, 0);
      float[] back = new float[1024];
      weightFormat.decode(bytes, 0, back, 0, 1024);
      assertThat(crc(bytes.toArray(ValueLayout.JAVA_BYTE))).isEqualTo(encoded);
      assertThat(crc(back)).isEqualTo(decoded);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Q1_0,922e1195,413ee910", "Q2_0,e244f054,45626d4d", "Q4_0,aea0cfcb,b22f1f5f", "Q4_1,e0d4d4ec,73edd38c",
    "Q5_0,c24d015b,07162c53", "Q5_1,f8204296,66e1a525", "Q8_0,84aca9b7,d3a28935", "MXFP4,2882aff0,b1188b94",
    "NVFP4,b0cc0bce,e468b588", "TQ1_0,6d7257cd,efe362a5", "TQ2_0,e8e4f354,efe362a5", "Q2_K,0bdb033a,22bc45e0",
    "Q3_K,0625ab44,59c7b55f", "Q4_K,87054137,df8912f0", "Q5_K,28b72abc,6082ed83", "Q6_K,2ddb8a2d,11357e93",
    "IQ4_NL,431ac9b7,a12787fc", "IQ4_XS,c1d589f6,b9f5ea89"
  })
  void encodesWithoutImportanceAsTheReferenceDoes(String format, String encoded, String decoded) {
    check(format, null, encoded, decoded);
  }

  @ParameterizedTest
  @CsvSource({
    "Q4_0,06c42098,2730f2fb", "Q4_1,ba50ebb0,c47ffefa", "Q5_0,3c01cefc,fdc855ae", "Q5_1,adc812eb,d333b77f",
    "Q2_K,ca142906,689b0553", "Q3_K,eb02eeac,a190af70", "Q4_K,9439c975,07a4daf5", "Q5_K,cdae139c,33784ebc",
    "Q6_K,10203b67,494b4107", "IQ4_NL,bb83138e,f20325b7", "IQ4_XS,1d4c3d29,b1d11f14",
    "Q1_0,922e1195,413ee910", "Q8_0,84aca9b7,d3a28935"
  })
  void encodesWithImportanceAsTheReferenceDoes(String format, String encoded, String decoded) {
    check(format, importance(), encoded, decoded);
  }

  @ParameterizedTest
  @CsvSource({
    "Q1_0,80205f81,0,-1", "Q2_0,f29b2eee,0,-1", "Q4_0,9cafdacb,0,-1", "Q4_1,5f6ed39e,0,2", "Q5_0,b9281112,0,-1",
    "Q5_1,c04e8484,0,2", "Q8_0,7de4b636,0,-1", "MXFP4,388690a7,-1,-1", "NVFP4,aba09c1a,-1,-1",
    "TQ1_0,76c6639e,52,-1", "TQ2_0,991bdbcb,64,-1", "Q2_K,5171a4cc,80,82", "Q3_K,e7c1f43f,108,-1",
    "Q4_K,f3fa2eb6,0,2", "Q5_K,c2bb6809,0,2", "Q6_K,f53c4a4c,208,-1", "IQ4_NL,dcc46346,0,-1",
    "IQ4_XS,19cc4204,0,-1"
  })
  void decodesRandomBytesAsTheReferenceDoes(String format, String decoded, int scaleAt, int minAt) {
    NumberFormat numberFormat = NumberFormats.named(format);
    byte[] bytes = randomBlocks(numberFormat, scaleAt, minAt);
    float[] values = new float[1024];
    numberFormat.decode(MemorySegment.ofArray(bytes), 0, values, 0, 1024);
    assertThat(crc(values)).isEqualTo(decoded);
  }

  private static byte[] randomBlocks(NumberFormat format, int scaleAt, int minAt) {
    byte[] bytes = new byte[(int) format.layout().bytesOf(1024)];
    for (int j = 0; j < bytes.length; j++) {
      bytes[j] = (byte) hash(7000000 + j);
    }
    ByteBuffer blocks = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int size = format.layout().bytes();
    for (int k = 0; k < bytes.length / size; k++) {
      if (scaleAt >= 0) {
        blocks.putShort(k * size + scaleAt, (short) (0x2C00 + 17 * k));
      }
      if (minAt >= 0) {
        blocks.putShort(k * size + minAt, (short) (0x2900 + 19 * k));
      }
      if (format.id().equals("MXFP4")) {
        blocks.put(k * size, (byte) (120 + (k & 7)));
      }
      for (int i = 0; format.id().equals("NVFP4") && i < 4; i++) {
        blocks.put(k * size + i, (byte) (blocks.get(k * size + i) & 0x7F));
      }
    }
    return bytes;
  }
}
