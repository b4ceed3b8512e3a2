package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.numeric.ScaledInputs.Sharing;
import org.junit.jupiter.api.Test;

/// Inputs as integers under a dynamic scale.
class ScaledInputsTest {
  private static float[] rounded(Sharing sharing) {
    float[] values = {9, 7, -3.4f, 0.6f, 0.7f, 0.06f, -0.34f, 0.2f, 0.7f, 9};
    new ScaledInputs(ElementFormat.integer(4), sharing).round(values, 1, 2, 4);
    return values;
  }

  @Test
  void aTokenOrAllOfThemShareAScale() {
    assertThat(rounded(Sharing.TOKEN))
        .containsExactly(new float[] {9, 7, -3, 1, 1, 0.1f, -0.3f, 0.2f, 0.7f, 9}, within(1e-6f));
    assertThat(rounded(Sharing.TENSOR))
        .containsExactly(new float[] {9, 7, -3, 1, 1, 0, 0, 0, 1, 9}, within(1e-6f));
  }

  @Test
  void integersAreSymmetricAndTiesGoToTheEvenOne() {
    ElementFormat four = ElementFormat.integer(4);
    assertThat(four.largest()).isEqualTo(7);
    assertThat(four.value(four.nearest(-100))).isEqualTo(-7);
    assertThat(four.value(four.nearest(2.5f))).isEqualTo(2);
    assertThat(four.value(four.nearest(3.5f))).isEqualTo(4);
    assertThat(four.value(four.nearest(-2.5f))).isEqualTo(-2);
    assertThat(four.value(8)).isNaN();
    assertThatThrownBy(() -> ElementFormat.integer(9)).hasMessageContaining("2 to 8 bits");
  }

  @Test
  void neighboursEncloseANumber() {
    ElementFormat e2m1 = ElementFormat.named("E2M1");
    assertThat(e2m1.below(2.2f)).isEqualTo(2);
    assertThat(e2m1.above(2.2f)).isEqualTo(3);
    assertThat(e2m1.below(-2.2f)).isEqualTo(-3);
    assertThat(e2m1.above(-2.2f)).isEqualTo(-2);
    assertThat(e2m1.below(4)).isEqualTo(4);
    assertThat(e2m1.above(4)).isEqualTo(4);
    assertThat(e2m1.below(-9)).isEqualTo(-6);
    assertThat(e2m1.above(9)).isEqualTo(6);
    ElementFormat odd = ElementFormat.bipolar(2);
    assertThat(odd.below(0)).isEqualTo(-1);
    assertThat(odd.above(0)).isEqualTo(1);
    assertThat(odd.below(-9)).isEqualTo(-3);
    assertThat(odd.above(-9)).isEqualTo(-3);
  }

  @Test
  void zerosStayZeros() {
    float[] zeros = new float[6];
    new ScaledInputs(ElementFormat.F8_E4M3, Sharing.TENSOR).round(zeros, 0, 2, 3);
    assertThat(zeros).containsOnly(0);
  }
}
