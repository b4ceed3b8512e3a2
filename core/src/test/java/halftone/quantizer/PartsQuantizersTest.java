package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PartsQuantizersTest {
  @Test
  void namesAloneAreTheUsualMethods() {
    for (PartsQuantizer method : PartsQuantizers.ALL) {
      assertThat(PartsQuantizers.parse(method.card().id())).contains(method);
    }
    assertThat(PartsQuantizers.parse("gram-error")).isEmpty();
  }

  @Test
  void parametersStandBehindAColon() {
    assertThat(PartsQuantizers.parse("gptq-groups:group=32:act-order=true:symmetric=true"))
        .contains(new GroupGptq(32, true, true, true, GroupGptq.DAMPING));
    assertThat(PartsQuantizers.parse("mx:rule=rceil"))
        .contains(new Microscaling(MxRule.RCEIL, ElementChoice.FEEDBACK));
    assertThat(PartsQuantizers.parse("lorc:rank=16:aware=false"))
        .contains(new LowRankCompensation(new GroupGptq(), 16, false));
  }

  @Test
  void wrongOnesAreRefused() {
    assertThatThrownBy(() -> PartsQuantizers.parse("mx:rule=up"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rule is one of floor, ceil, rceil, even, not 'up'");
    assertThatThrownBy(() -> PartsQuantizers.parse("lorc:rank=0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rank is a number above 0");
    assertThatThrownBy(() -> PartsQuantizers.parse("nf4:group=32"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has a key 'group'");
  }
}
