package halftone.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.numeric.ElementFormat;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Check 5 of the card "minifloat-ptq".
class MacUnitTest {
  /// The paper's two formulas, written out; r is an integer's width without its sign.
  @ParameterizedTest
  @CsvSource({
    "E2M1,E2M1,64,15", // 2^2 + 1 + 2^2 + 1 + 6 - 1
    "E4M3,E4M3,4608,50", // 2^4 + 3 + 2^4 + 3 + 13 - 1
    "E5M2,E3M2,1,43", // 2^5 + 2 + 2^3 + 2 + 0 - 1
    "INT4,INT8,512,20", // 3 + 7 + 9 + 1
    "INT8,INT8,4608,28", // 7 + 7 + 13 + 1
    "INT4,E2M1,2,9"
  })
  void accumulatorsAreAsWideAsPublished(String weights, String inputs, int length, int bits) {
    assertThat(unit(weights, inputs, length).accumulatorBits()).isEqualTo(bits);
  }

  /// The worst sums fit; where the terms are a power of two and significands have two bits or more,
  /// one bit fewer would not do.
  @Test
  void theWorstSumFitsAndOneBitLessDoesNot() {
    List<ElementFormat> formats = new ArrayList<>();
    for (int bits = 3; bits <= 6; bits++) {
      formats.addAll(ElementFormat.minifloats(bits));
      formats.add(ElementFormat.integer(bits));
    }
    for (ElementFormat a : formats) {
      for (ElementFormat b : formats) {
        for (int length : new int[] {1, 2, 3, 8, 13, 64}) {
          BigInteger sum = worst(a, b, length);
          int bits = new MacUnit(a, b, length).accumulatorBits();
          assertThat(sum.bitLength()).as("%s · %s", a, b).isLessThan(bits);
          boolean tight = FixedPoint.of(a).significandBits() > 1;
          tight &= FixedPoint.of(b).significandBits() > 1;
          if (tight && Integer.bitCount(length) == 1) {
            assertThat(sum.bitLength()).as("%s · %s", a, b).isEqualTo(bits - 1);
          }
        }
      }
    }
  }

  /// Of so many products of the largest numbers, in units of the product of the smallest.
  private static BigInteger worst(ElementFormat a, ElementFormat b, int length) {
    double product = a.largest() / smallest(a) * (b.largest() / smallest(b));
    return BigInteger.valueOf((long) product).multiply(BigInteger.valueOf(length));
  }

  private static double smallest(ElementFormat format) {
    double smallest = Double.POSITIVE_INFINITY;
    for (int code = 0; code < 1 << format.bits(); code++) {
      double value = format.value(code);
      smallest = value > 0 ? Math.min(smallest, value) : smallest;
    }
    return smallest;
  }

  @Test
  void exponentsCostAWiderAdderAndAShifter() {
    assertThat(unit("INT4", "INT4", 512).cells()).isEqualTo(9 + 16);
    // Significands of 2 bits in 3 places each, 5 places of the product: 3 stages of 18 bits.
    assertThat(unit("E2M1", "E2M1", 512).cells()).isEqualTo(4 + 3 * 18 + 18);
  }

  @Test
  void aFormatWithoutAUnitIsRefused() {
    assertThatThrownBy(() -> unit("NF4", "INT8", 8).accumulatorBits())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NF4");
    assertThatThrownBy(() -> unit("INT4", "INT8", 0)).hasMessageContaining("terms");
  }

  private static MacUnit unit(String weights, String inputs, int length) {
    return new MacUnit(ElementFormat.named(weights), ElementFormat.named(inputs), length);
  }
}
