package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/// The checksums of the method card `gguf-quants`, §9, all made by the reference implementation.
class CardVectorsTest {
  private final float[] weights = TestTensor.weights();
  private final float[] importance = TestTensor.importance();

  @Test
  void testTensorIsTheCards() {
    assertThat(weights).startsWith(0.261154175f, -0.416557312f, 0.159919739f);
    assertThat(TestTensor.crc(weights)).isEqualTo("0e0125c0");
    assertThat(TestTensor.crc(importance)).isEqualTo("67d1b7c1");
  }

  @ParameterizedTest
  @CsvSource({
    "Q1_0, 922e1195, 413ee910, 922e1195, 413ee910",
    "Q2_0, e244f054, 45626d4d, e244f054, 45626d4d",
    "Q4_0, aea0cfcb, b22f1f5f, 06c42098, 2730f2fb",
    "Q4_1, e0d4d4ec, 73edd38c, ba50ebb0, c47ffefa",
    "Q5_0, c24d015b, 07162c53, 3c01cefc, fdc855ae",
    "Q5_1, f8204296, 66e1a525, adc812eb, d333b77f",
    "Q8_0, 84aca9b7, d3a28935, 84aca9b7, d3a28935",
    "MXFP4, 2882aff0, b1188b94, 2882aff0, b1188b94",
    "NVFP4, b0cc0bce, e468b588, b0cc0bce, e468b588",
    "TQ1_0, 6d7257cd, efe362a5, 6d7257cd, efe362a5",
    "TQ2_0, e8e4f354, efe362a5, e8e4f354, efe362a5",
    "Q2_K, 0bdb033a, 22bc45e0, ca142906, 689b0553",
    "Q3_K, 0625ab44, 59c7b55f, eb02eeac, a190af70",
    "Q4_K, 87054137, df8912f0, 9439c975, 07a4daf5",
    "Q5_K, 28b72abc, 6082ed83, cdae139c, 33784ebc",
    "Q6_K, 2ddb8a2d, 11357e93, 10203b67, 494b4107",
    "IQ4_NL, 431ac9b7, a12787fc, bb83138e, f20325b7",
    "IQ4_XS, c1d589f6, b9f5ea89, 1d4c3d29, b1d11f14",
  })
  void encodesToTheReferenceBytes(
      String id, String plain, String decoded, String weighted, String weightedDecoded) {
    WeightFormat format = (WeightFormat) NumberFormats.named(id);
    byte[] bytes = TestTensor.encode(format, weights, 2, 512, null);
    assertThat(TestTensor.crc(bytes)).isEqualTo(plain);
    assertThat(TestTensor.crc(TestTensor.decode(format, bytes))).isEqualTo(decoded);
    byte[] other = TestTensor.encode(format, weights, 2, 512, importance);
    assertThat(TestTensor.crc(other)).isEqualTo(weighted);
    assertThat(TestTensor.crc(TestTensor.decode(format, other))).isEqualTo(weightedDecoded);
  }

  @ParameterizedTest
  @CsvSource({"Q8_1, 6b072b22", "Q8_K, 4401260b"})
  void encodesActivationsToTheReferenceBytes(String id, String expected) {
    ActivationFormat format = (ActivationFormat) NumberFormats.named(id);
    byte[] bytes = new byte[(int) format.layout().bytesOf(weights.length)];
    format.encode(weights, 0, weights.length, MemorySegment.ofArray(bytes), 0);
    assertThat(TestTensor.crc(bytes)).isEqualTo(expected);
  }

  /// Where a format keeps its 16-bit scale and its min (−1 for none), and the checksum of what
  /// random bytes decode to.
  record Decoded(String id, int d, int min, String crc) {}

  static final List<Decoded> DECODED =
      List.of(
          new Decoded("Q1_0", 0, -1, "80205f81"),
          new Decoded("Q2_0", 0, -1, "f29b2eee"),
          new Decoded("Q4_0", 0, -1, "9cafdacb"),
          new Decoded("Q4_1", 0, 2, "5f6ed39e"),
          new Decoded("Q5_0", 0, -1, "b9281112"),
          new Decoded("Q5_1", 0, 2, "c04e8484"),
          new Decoded("Q8_0", 0, -1, "7de4b636"),
          new Decoded("MXFP4", -1, -1, "388690a7"),
          new Decoded("NVFP4", -1, -1, "aba09c1a"),
          new Decoded("TQ1_0", 52, -1, "76c6639e"),
          new Decoded("TQ2_0", 64, -1, "991bdbcb"),
          new Decoded("Q2_K", 80, 82, "5171a4cc"),
          new Decoded("Q3_K", 108, -1, "e7c1f43f"),
          new Decoded("Q4_K", 0, 2, "f3fa2eb6"),
          new Decoded("Q5_K", 0, 2, "c2bb6809"),
          new Decoded("Q6_K", 208, -1, "f53c4a4c"),
          new Decoded("IQ4_NL", 0, -1, "dcc46346"),
          new Decoded("IQ4_XS", 0, -1, "19cc4204"));

  @ParameterizedTest
  @FieldSource("DECODED")
  void decodesRandomBytesAsTheReferenceDoes(Decoded expected) {
    float[] values = decodeRandom(expected);
    assertThat(TestTensor.crc(values)).isEqualTo(expected.crc());
  }

  @ParameterizedTest
  @CsvSource({
    "Q4_K, 8.7265625, 22.9375, 22.2509766",
    "Q6_K, 10.6875, -5.125, -96.4508057",
    "Q3_K, 0, 3.9375, -2.09960938",
    "IQ4_XS, 2.5, -162.4375, -1.902771"
  })
  void decodesSpotValues(String id, float first, float hundredth, float last) {
    Decoded format = DECODED.stream().filter(d -> d.id().equals(id)).findFirst().orElseThrow();
    float[] values = decodeRandom(format);
    assertThat(values[0]).isEqualTo(first);
    assertThat(values[100]).isEqualTo(hundredth);
    assertThat(values[1023]).isEqualTo(last);
  }

  private static float[] decodeRandom(Decoded expected) {
    NumberFormat format = NumberFormats.named(expected.id());
    int size = format.layout().bytes();
    byte[] bytes = TestTensor.bytes((int) format.layout().bytesOf(1024));
    for (int k = 0; k < bytes.length / size; k++) {
      if (expected.d() >= 0) {
        Bits.putU16(bytes, k * size + expected.d(), 0x2C00 + 17 * k);
      }
      if (expected.min() >= 0) {
        Bits.putU16(bytes, k * size + expected.min(), 0x2900 + 19 * k);
      }
      if (expected.id().equals("MXFP4")) {
        bytes[k * size] = (byte) (120 + (k & 7));
      }
      for (int t = 0; t < 4 && expected.id().equals("NVFP4"); t++) {
        bytes[k * size + t] &= 0x7f;
      }
    }
    return TestTensor.decode(format, bytes);
  }
}
