package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationPartnerTest {
  static List<WeightFormat> formats() {
    return NumberFormats.weightFormats();
  }

  private static float[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyWeightFormatHasOneWhoseBlocksFitItsOwn(WeightFormat format) {
    ActivationPartner partner = ActivationPartner.of(format);
    assertThat(format.layout().weights() % partner.block()).isZero();
  }

  @Test
  void refusesFormatsWithoutOne() {
    assertThatThrownBy(() -> ActivationPartner.of(NumberFormats.named("I32")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("I32");
  }

  @Test
  void refusesPartsOfBlocks() {
    assertThatThrownBy(() -> ActivationPartner.Q8_K.round(new float[300], 0, 300))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256");
  }

  @Test
  void q8KRoundsToWhatItsBytesDecodeTo() {
    float[] x = gaussian(1024, 1);
    float[] expected = encodeAndDecode((ActivationFormat) NumberFormats.named("Q8_K"), x);
    ActivationPartner.Q8_K.round(x, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      assertThat(x[i] + 0f).isEqualTo(expected[i] + 0f);
    }
  }

  /// The x86 kernels scale by 127/max, the reference by 1/(max/127): a value near a tie may take
  /// the other code.
  @Test
  void q81RoundsToWhatItsBytesDecodeToButForTies() {
    float[] x = gaussian(1 << 16, 2);
    float[] expected = encodeAndDecode((ActivationFormat) NumberFormats.named("Q8_1"), x);
    ActivationPartner.Q8_1.round(x, 0, x.length);
    int other = 0;
    for (int i = 0; i < x.length; i++) {
      other += x[i] + 0f == expected[i] + 0f ? 0 : 1;
    }
    assertThat(other).isLessThan(10);
  }

  @Test
  void q80TakesTiesToEven() {
    float[] x = new float[32];
    x[0] = 127;
    x[1] = 2.5f;
    x[2] = -3.5f;
    x[3] = 0.5f;
    ActivationPartner.Q8_0.round(x, 0, 32);
    assertThat(x).startsWith(127, 2, -4, 0);
  }

  @Test
  void halvesRoundToEven() {
    float[] x = {1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 1 + 0x1p-9f};
    ActivationPartner.F16.round(x, 0, 3);
    assertThat(x).containsExactly(1, 1 + 0x1p-9f, 1 + 0x1p-9f);
    float[] y = {1 + 0x1p-8f, 1 + 3 * 0x1p-8f, 7};
    ActivationPartner.BF16.round(y, 1, 2);
    assertThat(y).containsExactly(1 + 0x1p-8f, 1 + 0x1p-6f, 7);
  }

  @Test
  void zeroRowsStayZero() {
    for (ActivationPartner partner : ActivationPartner.values()) {
      float[] x = new float[256];
      partner.round(x, 0, 256);
      assertThat(x).containsOnly(0f);
    }
  }

  /// Card §9 (e).
  @ParameterizedTest
  @MethodSource("formats")
  void costsLessThanAPercentOfADotProduct(WeightFormat format) {
    int n = 4096;
    float[] importance = new float[n];
    Arrays.fill(importance, 1);
    double difference = 0;
    double square = 0;
    float[] w = gaussian(n, 100);
    float[] decoded = TestTensor.decode(format, TestTensor.encode(format, w, 1, n, importance));
    for (int seed = 0; seed < 64; seed++) {
      float[] a = gaussian(n, 200 + seed);
      float[] rounded = a.clone();
      ActivationPartner.of(format).round(rounded, 0, n);
      double exact = dot(decoded, a);
      difference += Math.pow(dot(decoded, rounded) - exact, 2);
      square += exact * exact;
    }
    assertThat(Math.sqrt(difference / square)).isLessThan(0.01);
  }

  /// ggml's integer form of the Q4_K · Q8_K product, sums of 16 included, gives what decoded and
  /// rounded floats give.
  @Test
  void integerProductOfQ4KIsTheProductOfWhatItDecodesTo() {
    WeightFormat format = (WeightFormat) NumberFormats.named("Q4_K");
    float[] a = gaussian(256, 4);
    byte[] w = TestTensor.encode(format, gaussian(256, 3), 1, 256, null);
    byte[] q8 = new byte[292];
    ((ActivationFormat) NumberFormats.named("Q8_K")).encodeBlock(a, 0, q8);
    long products = 0;
    long mins = 0;
    for (int g = 0; g < 8; g++) {
      int sum = 0;
      for (int l = 0; l < 32; l++) {
        sum += (w[16 + 32 * (g / 2) + l] >> 4 * (g % 2) & 15) * q8[4 + 32 * g + l];
      }
      products += (long) SixBitScales.scale(w, 4, g) * sum;
      int sums = (short) Bits.u16(q8, 260 + 4 * g) + (short) Bits.u16(q8, 262 + 4 * g);
      mins += (long) SixBitScales.min(w, 4, g) * sums;
    }
    double d8 = Float.intBitsToFloat(Bits.i32(q8, 0));
    double integer = d8 * (Bits.half(w, 0) * products - Bits.half(w, 2) * mins);
    ActivationPartner.of(format).round(a, 0, 256);
    double expected = dot(TestTensor.decode(format, w), a);
    assertThat(integer).isCloseTo(expected, within(1e-4));
  }

  private static float[] encodeAndDecode(ActivationFormat format, float[] x) {
    byte[] bytes = new byte[(int) format.layout().bytesOf(x.length)];
    format.encode(x, 0, x.length, MemorySegment.ofArray(bytes), 0);
    return TestTensor.decode(format, bytes);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
