package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoundWeightsTest {
  @Test
  void namesTensorRowAndColumnOfABrokenWeight() {
    float[] values = new float[600 * 4];
    values[517 * 4 + 2] = Float.NaN;
    Tensor broken =
        new Tensor(
            "blk.3.ffn_up.weight",
            Shape.of(4, 600),
            NumberFormats.named("F32"),
            MemorySegment.ofArray(values));
    try (Workers workers = new LocalWorkers(2)) {
      SoundWeights.require(TinyLlama.seeded(1).tensors().values(), workers);
      assertThatThrownBy(() -> SoundWeights.require(List.of(broken), workers))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("blk.3.ffn_up.weight")
          .hasMessageContaining("row 517, column 2 is NaN");
    }
  }
}
