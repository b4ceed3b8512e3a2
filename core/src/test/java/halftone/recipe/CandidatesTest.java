package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.Model;
import halftone.model.TinyLlama;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private static final Model MODEL = new TinyLlama(256, 2, 4, 2, 512, false, 7).model();

  @Test
  void keptTensorsHaveSixteenBitsAndAllOthersTheirFormat() {
    Candidates.Rival uniform =
        Candidates.all(MODEL, List.of()).stream()
            .filter(rival -> rival.name().equals("uniform q4_k"))
            .findFirst()
            .orElseThrow();
    Candidates.Rival kept = uniform.keeping(Set.of("blk.1.ffn_down.weight", "no.such.weight"));
    assertThat(kept.isUniform()).isTrue();
    assertThat(kept.formats().keySet()).isEqualTo(uniform.formats().keySet());
    kept.formats()
        .forEach(
            (name, format) ->
                assertThat(format.id())
                    .isEqualTo(name.equals("blk.1.ffn_down.weight") ? "F16" : "Q4_K"));
  }
}
