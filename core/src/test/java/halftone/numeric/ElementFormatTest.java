package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks of the cards "minifloat-ptq", "fp8-formats" and "arbitrary-precision".
class ElementFormatTest {
  static List<ElementFormat> all() {
    return ElementFormat.ALL;
  }

  static Stream<ElementFormat> floats() {
    return ElementFormat.ALL.stream().filter(each -> each.id().matches("(F8_)?E\\dM\\d"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyNumberEncodesToItself(ElementFormat format) {
    for (int code = 0; code < 1 << format.bits(); code++) {
      if (Float.isFinite(format.value(code))) {
        assertThat(format.nearest(format.value(code))).isEqualTo(code);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatIsBeyondTheLargestBecomesTheLargest(ElementFormat format) {
    assertThat(format.value(format.nearest(Float.MAX_VALUE))).isEqualTo(format.largest());
    assertThat(format.value(format.nearest(Float.POSITIVE_INFINITY))).isEqualTo(format.largest());
    assertThat(format.value(format.nearest(-Float.MAX_VALUE))).isLessThan(0).isFinite();
  }

  /// Against the definition: step = 2^(max(⌊log₂|x|⌋, 1 − bias) − y), half to even, cut off.
  @ParameterizedTest
  @MethodSource("floats")
  void smallFloatsFollowTheirDefinition(ElementFormat format) {
    boolean stored = format.id().startsWith("F8");
    int x = format.id().charAt(stored ? 4 : 1) - '0';
    int y = format.id().charAt(stored ? 6 : 3) - '0';
    int bias = (1 << x - 1) - 1;
    Random random = new Random(3);
    for (int trial = 0; trial < 100_000; trial++) {
      float v = Float.intBitsToFloat(random.nextInt());
      if (!Float.isFinite(v)) {
        continue;
      }
      double step =
          Math.scalb(1.0, Math.max(v == 0 ? -2000 : Math.getExponent((double) v), 1 - bias) - y);
      double wanted = Math.min(Math.rint(Math.abs((double) v) / step) * step, format.largest());
      assertThat(format.value(format.nearest(v)))
          .as("%s of %s", format, v)
          .isEqualTo((float) Math.copySign(wanted, v));
    }
  }

  @ParameterizedTest
  @MethodSource("floats")
  void halfWayGoesToTheEvenCodeAndAStepAsideToTheNeighbour(ElementFormat format) {
    for (int code = 0; code + 1 < 1 << format.bits() - 1; code++) {
      float low = format.value(code);
      float high = format.value(code + 1);
      if (Float.isFinite(high)) {
        float middle = low + (high - low) / 2;
        assertThat(format.nearest(middle)).isEqualTo((code & 1) == 0 ? code : code + 1);
        assertThat(format.nearest(Math.nextDown(middle))).isEqualTo(code);
        assertThat(format.nearest(Math.nextUp(middle))).isEqualTo(code + 1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "E2M1, 6",
    "E3M2, 28",
    "E2M3, 7.5",
    "E4M3, 480",
    "E5M2, 114688",
    "F8_E4M3, 448",
    "F8_E5M2, 57344",
    "MX_INT8, 1.984375",
    "NF4, 1",
    "BIPOLAR3, 7"
  })
  void theLargestNumbersAreThoseOfTheStandards(String id, float largest) {
    assertThat(ElementFormat.named(id).largest()).isEqualTo(largest);
  }

  @Test
  void e2m1HasItsEightMagnitudes() {
    ElementFormat e2m1 = ElementFormat.named("e2m1");
    assertThat(IntStream.range(0, 8).mapToObj(e2m1::value))
        .containsExactly(0f, .5f, 1f, 1.5f, 2f, 3f, 4f, 6f);
  }

  @Test
  void everySplitOfTheBitsIsThere() {
    assertThat(ElementFormat.minifloats(5).stream().map(ElementFormat::id))
        .containsExactly("E1M3", "E2M2", "E3M1", "E4M0");
    assertThatThrownBy(() -> ElementFormat.minifloat(0, 3)).hasMessageContaining("integer");
    assertThatThrownBy(() -> ElementFormat.named("E9M9")).hasMessageContaining("E2M1");
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "8"})
  void bipolarIntegersAreOddAndSymmetric(int bits) {
    ElementFormat format = ElementFormat.bipolar(bits);
    int codes = 1 << bits;
    for (int code = 0; code < codes; code++) {
      int sum = 0;
      for (int i = 0; i < bits; i++) {
        sum += (2 * (code >> i & 1) - 1) << i;
      }
      assertThat(format.value(code)).isEqualTo(sum).isEqualTo(-format.value(codes - 1 - code));
    }
    // The published quantizer: u = clamp(⌊x / 2s⌋ + 2^(n − 1)).
    Random random = new Random(5);
    for (int trial = 0; trial < 1000; trial++) {
      float x = trial % 4 == 0 ? random.nextInt(600) - 300 : (float) (40 * random.nextGaussian());
      int wanted = Math.clamp((long) Math.floor(x / 2) + codes / 2, 0, codes - 1);
      assertThat(format.nearest(x)).isEqualTo(wanted);
    }
  }

  /// The construction of QLoRA: quantiles of the normal distribution between halves of .9677083.
  @Test
  void normalFloatLevelsAreQuantiles() {
    double edge = 0.9677083;
    double largest = quantile(edge);
    for (int i = 0; i < 8; i++) {
      double positive = quantile(edge + (0.5 - edge) * i / 8) / largest;
      assertThat((double) ElementFormat.NF4.value(15 - i)).isCloseTo(positive, offset());
      if (i < 7) {
        double negative = -quantile(edge + (0.5 - edge) * i / 7) / largest;
        assertThat((double) ElementFormat.NF4.value(i)).isCloseTo(negative, offset());
      }
    }
    assertThat(ElementFormat.NF4.value(7)).isZero();
  }

  private static org.assertj.core.data.Offset<Double> offset() {
    return org.assertj.core.api.Assertions.within(2e-6);
  }

  /// Φ⁻¹ by bisection of the integral of the density.
  private static double quantile(double p) {
    double low = 0;
    double high = 4;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      int steps = 2000;
      double h = middle / steps;
      double sum = 0;
      for (int k = 0; k <= steps; k++) {
        double weight = k == 0 || k == steps ? 1 : k % 2 == 1 ? 4 : 2;
        sum += weight * Math.exp(-k * h * k * h / 2);
      }
      double area = 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
      if (area < p) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
