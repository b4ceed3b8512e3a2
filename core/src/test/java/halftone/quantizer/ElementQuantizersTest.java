package halftone.quantizer;

import static halftone.quantizer.Integers.Scale.ROW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.numeric.ElementFormat;
import halftone.parts.BlockScales;
import halftone.parts.Composite;
import halftone.parts.ScaledElements;
import halftone.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Checks of the cards "fp8-formats", "minifloat-ptq" and "arbitrary-precision" on weights.
class ElementQuantizersTest {
  private static final int ROWS = 100;
  private static final int COLUMNS = 4096;

  private static final float[] NORMAL = SmallLayer.gaussian(new Random(1), ROWS * COLUMNS, 1);

  /// Student's t with four degrees of freedom.
  private static float[] heavyTailed() {
    Random random = new Random(2);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      double chi = 0;
      for (int k = 0; k < 4; k++) {
        double g = random.nextGaussian();
        chi += g * g;
      }
      values[i] = (float) (random.nextGaussian() / Math.sqrt(chi / 4));
    }
    return values;
  }

  private static WholeWeight whole(float[] values) {
    return new WholeWeight(ROWS, COLUMNS, values);
  }

  private static double normalized(float[] values, ElementRounding rounding) {
    ScaledElements rounded = rounding.round(ElementChoice.NEAREST, null, SmallLayer.WORKERS);
    return relative(values, Composite.of(Shape.of(COLUMNS, ROWS), rounded));
  }

  private static double relative(float[] values, Composite rounded) {
    float[] decoded = new float[values.length];
    rounded.rows(0, ROWS, decoded, 0);
    double error = 0;
    double all = 0;
    for (int i = 0; i < values.length; i++) {
      double e = decoded[i] - values[i];
      error += e * e;
      all += (double) values[i] * values[i];
    }
    return error / all;
  }

  private static ElementRounding mx(float[] values, String element) {
    WholeWeight weight = whole(values);
    ElementFormat format = ElementFormat.named(element);
    BlockScales scales = new Microscaling().scales(BlockMaxima.of(weight, 32), format);
    return new ElementRounding(weight, 32, format, scales);
  }

  private static ElementRounding nvfp4(float[] values) {
    WholeWeight weight = whole(values);
    return new ElementRounding(
        weight, 16, ElementFormat.named("E2M1"), TwoLevelNvfp4.scales(BlockMaxima.of(weight, 16)));
  }

  @ParameterizedTest
  @CsvSource({
    "E2M1, 1.32e-2, 1.69e-2",
    "E2M3, 8.04e-4, 1.01e-3",
    "E3M2, 2.92e-3, 2.97e-3",
    "F8_E4M3, 8.62e-4, 1.02e-3",
    "F8_E5M2, 2.92e-3, 2.97e-3"
  })
  void microscalingErrsAsTheCardMeasured(String element, double normal, double heavy) {
    assertThat(normalized(NORMAL, mx(NORMAL, element)))
        .isCloseTo(normal, Percentage.withPercentage(3));
    float[] tails = heavyTailed();
    assertThat(normalized(tails, mx(tails, element)))
        .isCloseTo(heavy, Percentage.withPercentage(3));
  }

  @Test
  void nvfp4ErrsAsTheCardMeasuredAndLessThanMxfp4() {
    float[] tails = heavyTailed();
    double normal = normalized(NORMAL, nvfp4(NORMAL));
    double heavy = normalized(tails, nvfp4(tails));
    assertThat(normal).isCloseTo(9.07e-3, Percentage.withPercentage(3));
    assertThat(heavy).isCloseTo(8.28e-3, Percentage.withPercentage(3));
    assertThat(normal).isLessThan(normalized(NORMAL, mx(NORMAL, "E2M1")));
    assertThat(heavy).isLessThan(normalized(tails, mx(tails, "E2M1")));
  }

  @Test
  void nf4ErrsAsTheCardMeasured() {
    WholeWeight weight = whole(NORMAL);
    float[] maxima = BlockMaxima.of(weight, 64);
    ElementRounding single =
        new ElementRounding(weight, 64, ElementFormat.NF4, BlockScales.singles(maxima));
    ElementRounding doubled =
        new ElementRounding(weight, 64, ElementFormat.NF4, BlockScales.doubled(maxima));
    assertThat(normalized(NORMAL, single)).isCloseTo(8.45e-3, Percentage.withPercentage(3));
    assertThat(normalized(NORMAL, doubled)).isCloseTo(8.45e-3, Percentage.withPercentage(4));
    Composite stored =
        Composite.of(
            Shape.of(COLUMNS, ROWS),
            doubled.round(ElementChoice.NEAREST, null, SmallLayer.WORKERS));
    assertThat(stored.bitsPerWeight()).isCloseTo(4.127, within(.001));
  }

  /// MX of 2^k · v is 2^k · MX(v).
  @Test
  void microscalingCommutesWithPowersOfTwo() {
    float[] scaled = NORMAL.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= 0x1p-9f;
    }
    double error = normalized(scaled, mx(scaled, "E2M1"));
    assertThat(error).isEqualTo(normalized(NORMAL, mx(NORMAL, "E2M1")));
  }

  /// Rule, largest magnitude 7.9 of an E2M1 block: FLOOR keeps 2^0 and cuts 7.9 to 6.
  @ParameterizedTest
  @CsvSource({
    "FLOOR, 7.9, 0", "CEIL, 7.9, 1", "RCEIL, 7.9, 1", "EVEN, 7.9, 1", "FLOOR, 6, 0", "CEIL, 6, 1",
    "RCEIL, 6, 0", "EVEN, 6, 0", "FLOOR, 4, 0", "CEIL, 4, 0", "RCEIL, 4, 0", "EVEN, 4, 0",
    "EVEN, 6.99, 0", "EVEN, 7, 1", "FLOOR, 1e-45, -127", "FLOOR, 0, -127"
  })
  void rulesForExponents(MxRule rule, float max, int exponent) {
    assertThat(rule.exponent(max, ElementFormat.named("E2M1"))).isEqualTo(exponent);
  }

  /// Of absmax-scaled vectors of n values: E2M1 over symmetric INT4.
  @ParameterizedTest
  @CsvSource({"32, 1.08", "64, .95", "256, .77", "1024, .66"})
  void e2m1AgainstIntegersDependsOnTheLength(int n, double ratio) {
    WholeWeight weight = whole(NORMAL);
    float[] maxima = BlockMaxima.of(weight, n);
    float[] scales = maxima.clone();
    double integers = 0;
    for (int i = 0; i < NORMAL.length; i++) {
      float step = maxima[i / n] / 7;
      double e = Math.rint(NORMAL[i] / step) * step - NORMAL[i];
      integers += e * e;
    }
    for (int i = 0; i < scales.length; i++) {
      scales[i] /= 6;
    }
    ElementFormat e2m1 = ElementFormat.named("E2M1");
    double floats =
        new ElementRounding(weight, n, e2m1, BlockScales.singles(scales))
            .error(null, SmallLayer.WORKERS);
    assertThat(floats / integers).isCloseTo(ratio, within(.03));
  }

  /// The best uniform mid-rise step of a unit Gaussian, and the search for one in a group of 64.
  @ParameterizedTest
  @CsvSource({"1, .364", "2, .119", "3, .0376", "4, .0117"})
  void bipolarReachesTheBestUniformStep(int bits, double error) {
    ElementFormat element = ElementFormat.bipolar(bits);
    double least = Double.POSITIVE_INFINITY;
    for (double scale = 0.1; scale < 1; scale += 0.005) {
      float[] scales = new float[ROWS];
      java.util.Arrays.fill(scales, (float) scale);
      ElementRounding rounding =
          new ElementRounding(whole(NORMAL), COLUMNS, element, BlockScales.singles(scales));
      least = Math.min(least, rounding.error(null, SmallLayer.WORKERS) / NORMAL.length);
    }
    assertThat(least).isCloseTo(error, Percentage.withPercentage(2));
    GroupWeights group = new GroupWeights(NORMAL, 0, 1, 64);
    float found = Bipolar.searched(group, element);
    float[] maximum =
        BlockMaxima.of(new WholeWeight(1, 64, java.util.Arrays.copyOf(NORMAL, 64)), 64);
    for (int k = 0; k < 80; k++) {
      float other = maximum[0] / element.largest() * (1 - 0.7f * k / 79);
      assertThat(squaredError(group, element, found))
          .isLessThanOrEqualTo(squaredError(group, element, other) * 1.0001);
    }
  }

  private static double squaredError(GroupWeights w, ElementFormat element, float scale) {
    ElementGrid grid = new ElementGrid(element, scale);
    double sum = 0;
    for (int j = 0; j < w.count(); j++) {
      double e = grid.value(grid.code(w.get(j))) - w.get(j);
      sum += e * e;
    }
    return sum;
  }

  @Test
  void feedbackAndLearningBeatTheNearestNumbersAndTheFullerWidthTheEmptier() {
    SmallLayer layer = SmallLayer.of(24, 256, 400, 5);
    LayerKnowledge known = layer.knowledge();
    for (Function<ElementChoice, PartsQuantizer> method :
        List.<Function<ElementChoice, PartsQuantizer>>of(
            MinifloatPtq::new,
            choice -> new Microscaling(MxRule.FLOOR, choice),
            TwoLevelNvfp4::new,
            choice -> new NormalFloat(true, choice),
            choice -> new Bipolar(64, choice),
            choice -> new Integers(ROW, choice, Integers.Spiking.INTEGERS, 100))) {
      PartsQuantizer fed = method.apply(ElementChoice.FEEDBACK);
      double nearest = loss(layer, method.apply(ElementChoice.NEAREST), 4, known);
      assertThat(loss(layer, fed, 4, known)).as(fed.toString()).isLessThan(.6 * nearest);
      double learned = loss(layer, method.apply(ElementChoice.LEARNED), 4, known);
      assertThat(learned).as(fed.toString()).isLessThan(.6 * nearest);
      double before = Double.POSITIVE_INFINITY;
      for (int bits : fed.widths()) {
        double loss = loss(layer, fed, bits, known);
        assertThat(loss).isLessThan(before);
        before = loss;
      }
    }
  }

  private static double loss(
      SmallLayer layer, PartsQuantizer method, int bits, LayerKnowledge known) {
    return layer.loss(method.quantize("w", layer.weight(), bits, known, SmallLayer.WORKERS));
  }

  /// Heavy tails under one scale a row want more exponent than Gaussian weights do; what is chosen
  /// has the least error of all splits.
  @Test
  void theSplitOfTheBitsIsSearched() {
    SmallLayer gaussian = SmallLayer.of(24, 256, 400, 6);
    float[] values = gaussian.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= i % 50 == 0 ? 30 : 1;
    }
    SmallLayer heavy = new SmallLayer(24, 256, values, gaussian.inputs());
    assertThat(chosen(gaussian).id()).isIn("E1M4", "E2M3");
    assertThat(chosen(heavy).id()).isIn("E3M2", "E4M1");
    double least = errorOf(heavy, chosen(heavy));
    for (ElementFormat other : ElementFormat.minifloats(6)) {
      assertThat(errorOf(heavy, other)).isGreaterThanOrEqualTo(least);
    }
  }

  private static ElementFormat chosen(SmallLayer layer) {
    Composite made =
        new MinifloatPtq().quantize("w", layer.weight(), 6, layer.knowledge(), SmallLayer.WORKERS);
    ScaledElements part = (ScaledElements) made.parts().getFirst();
    assertThat(part.block()).isEqualTo(256);
    return part.element();
  }

  private static double errorOf(SmallLayer layer, ElementFormat element) {
    WholeWeight weight = WholeWeight.of(layer.weight());
    float[] scales = BlockMaxima.of(weight, 256);
    for (int i = 0; i < scales.length; i++) {
      scales[i] /= element.largest();
    }
    return new ElementRounding(weight, 256, element, BlockScales.singles(scales))
        .error(layer.knowledge().requireInputs("test", "w").importance(), SmallLayer.WORKERS);
  }

  /// Two weights of one bit under a scale of 1: errors of .6 and .3, counted 2 and 3 times.
  @Test
  void errorsCountAsTheInputsSeeThem() {
    WholeWeight weight = new WholeWeight(1, 2, new float[] {0.4f, 0.7f});
    ElementRounding rounding =
        new ElementRounding(
            weight, 2, ElementFormat.bipolar(1), BlockScales.singles(new float[] {1}));
    assertThat(rounding.error(new float[] {2, 3}, SmallLayer.WORKERS))
        .isCloseTo(2 * .36 + 3 * .09, within(1e-6));
    assertThat(rounding.error(null, SmallLayer.WORKERS)).isCloseTo(.45, within(1e-6));
  }

  /// A block far below the weight's largest keeps the least scale, and zeros stay zeros.
  @Test
  void nvfp4KeepsTheLeastBlockScale() {
    BlockScales scales = TwoLevelNvfp4.scales(new float[] {6 * 448, 1e-9f, 0});
    assertThat(scales.get(0)).isEqualTo(448);
    assertThat(scales.get(1)).isEqualTo(0x1p-6f);
    assertThat(scales.get(2)).isEqualTo(0x1p-6f);
  }
}
