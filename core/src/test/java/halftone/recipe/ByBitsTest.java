package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ByBitsTest {
  @Test
  void isInProportionBetweenWhatIsKnownAndLevelBeyond() {
    ByBits known = new ByBits();
    assertThat(known.at(4, 7)).isEqualTo(7);
    known.put(2, 10);
    known.put(6, 30);
    assertThat(known.at(3, 7)).isCloseTo(15, within(1e-12));
    assertThat(known.at(6, 7)).isEqualTo(30);
    assertThat(known.at(1, 7)).isEqualTo(10);
    assertThat(known.at(9, 7)).isEqualTo(30);
  }
}
