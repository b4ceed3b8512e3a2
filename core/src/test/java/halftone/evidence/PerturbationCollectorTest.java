package halftone.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.model.Stage;
import halftone.model.TinyLlama;
import halftone.runtime.Activations;
import halftone.workers.LocalWorkers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Check 4 of the card "cptquant": with L = ⟨g, W x⟩ the change is ⟨g, ΔW x⟩ itself.
class PerturbationCollectorTest {
  private final Stage block = TinyLlama.seeded(4).model().blocks().getFirst();
  private final List<PerturbationCollector.Change> found = new ArrayList<>();

  @Test
  void sumsTheProductsOfEveryTokenOverTheBlocksLayers() {
    try (LocalWorkers workers = new LocalWorkers(2)) {
      PerturbationCollector collector =
          new PerturbationCollector(
              weight ->
                  switch (weight) {
                    case "a" -> new float[] {1, 0, 0, 2};
                    case "b" -> new float[] {3, 3};
                    default -> null;
                  },
              workers,
              (stage, change) -> found.add(change));
      Activations inputs = new Activations(1, 2, 2, new float[] {1, 2, 3, -4});
      collector.layer("a", inputs, new Activations(1, 2, 2, new float[] {1, 1, 2, 1}));
      collector.layer("b", inputs, new Activations(1, 2, 1, new float[] {-1, 5}));
      collector.layer("head", inputs, new Activations(1, 2, 2, new float[] {9, 9, 9, 9}));
      collector.release(inputs);
      collector.end(block);
      // Token 0: ⟨(1,1), (1,4)⟩ − 9 = −4. Token 1: ⟨(2,1), (3,−8)⟩ + 5·(−3) = −17.
      assertThat(found).hasSize(1);
      assertThat(found.getFirst().sequences()).isEqualTo(1);
      assertThat(found.getFirst().signed()).isCloseTo(-21, within(1e-5));
      assertThat(found.getFirst().magnitudes()).isCloseTo(21, within(1e-5));
      assertThat(found.getFirst().squares()).isCloseTo(16 + 289, within(1e-3));
      collector.layer("b", inputs, new Activations(1, 2, 1, new float[] {1, 0}));
      collector.release(inputs);
      collector.end(block);
      assertThat(found.getLast().magnitudes()).isCloseTo(9, within(1e-5));
    }
  }
}
