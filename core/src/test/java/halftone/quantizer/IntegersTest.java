package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.parts.Composite;
import halftone.tensor.Weight;
import org.junit.jupiter.api.Test;

/// Symmetric integers, and what spiking layers become: cards "smoothquant" and "spike-aware".
class IntegersTest {
  private static final float[] VALUES = {1, -2, 0.5f, 7, 0.1f, 0.2f, -0.3f, 0.35f};
  private static final Weight WEIGHT = SmallLayer.tensor(VALUES, 4, 2);

  private static float[] made(String method, int bits, double ratio) {
    Composite made =
        PartsQuantizers.parse(method)
            .orElseThrow()
            .quantize(
                "w",
                WEIGHT,
                bits,
                new LayerKnowledge(null, null, null, null, ratio),
                SmallLayer.WORKERS);
    float[] decoded = new float[8];
    made.rows(0, 2, decoded, 0);
    return decoded;
  }

  @Test
  void everyRowOrTheWholeWeightHasAScale() {
    // 4 bits: 7 is 7, and 0.35 is 7 twentieths.
    assertThat(made("integers", 4, 0))
        .containsExactly(new float[] {1, -2, 0, 7, 0.1f, 0.2f, -0.3f, 0.35f}, within(1e-6f));
    assertThat(made("integers:scale=tensor", 4, 0))
        .containsExactly(new float[] {1, -2, 0, 7, 0, 0, 0, 0}, within(1e-6f));
  }

  @Test
  void spikingLayersKeepFloats() {
    assertThat(made("integers:scale=tensor:spiking=f16", 4, 101))
        .containsExactly(VALUES, within(1e-3f));
    assertThat(made("integers:scale=tensor:spiking=f16", 4, 99))
        .isEqualTo(made("integers:scale=tensor", 4, 0));
    // E4M3 under 7/448: 1 is 64/64, 0.1 is 6.4/64, whose neighbours are 6 and 6.5.
    assertThat(made("integers:spiking=f8:cut=10", 4, 11)[0]).isEqualTo(1);
    assertThat(made("integers:spiking=f8:cut=10", 4, 11)[4]).isCloseTo(6.5f / 64, within(1e-6f));
  }

  @Test
  void whatIsNotKnownIsAsked() {
    assertThatThrownBy(() -> made("integers:spiking=f8", 4, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spike ratio of the inputs of w");
    assertThatThrownBy(() -> made("integers:scale=column", 4, 0))
        .hasMessageContaining("scale is one of row, tensor, not 'column'");
  }
}
