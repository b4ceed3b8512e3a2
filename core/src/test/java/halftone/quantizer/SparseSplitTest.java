package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SparseSplitTest {
  private static final int COUNT = 10_000;
  private static final float[] VALUES = SmallLayer.gaussian(new Random(1), COUNT, 1);

  /// A sensitivity that says nothing of the size of a value.
  private static float[] sensitivity() {
    float[] fisher = SmallLayer.gaussian(new Random(2), COUNT, 1);
    for (int i = 0; i < COUNT; i++) {
      fisher[i] *= fisher[i];
    }
    return fisher;
  }

  @Test
  void outliersFillUpWhatSensitiveValuesLeave() {
    assertThat(SparseSplit.of(VALUES, sensitivity(), 0.01, 0.05).cardinality()).isEqualTo(500);
    assertThat(SparseSplit.of(VALUES, sensitivity(), 0.02, 0.02).cardinality()).isEqualTo(200);
    assertThat(SparseSplit.of(VALUES, new float[COUNT], 0.01, 0.03).cardinality()).isEqualTo(300);
  }

  @Test
  void theMostSensitiveAndTheFurthestAreIn() {
    float[] fisher = sensitivity();
    BitSet chosen = SparseSplit.of(VALUES, fisher, 0.01, 0.05);
    int sensitive = 0;
    for (int i = 0; i < COUNT; i++) {
      sensitive = fisher[i] > fisher[sensitive] ? i : sensitive;
      if (Math.abs(VALUES[i]) > 2.2) {
        assertThat(chosen.get(i)).isTrue();
      }
    }
    assertThat(chosen.get(sensitive)).isTrue();
  }
}
