package halftone.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.runtime.Activations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamScaleTest {
  /// One layer that writes into the stream, behind one that does not.
  private static final Stage BLOCK =
      new Stage(
          "block",
          List.of(
              new Node("up", new Op.Linear("up.weight", null), List.of(Stage.HIDDEN)),
              new Node("down", new Op.Linear("down.weight", null), List.of("up")),
              new Node("out", new Op.Add(), List.of(Stage.HIDDEN, "down"))));

  @Test
  void knowsWhichLayersWriteIntoTheStream() {
    assertThat(Model.residualWriters(BLOCK)).containsExactly("down.weight");
  }

  @Test
  void dividesTheirInputsByTheStreamsRootMeanSquareTokenByToken() {
    Map<String, float[]> seen = new LinkedHashMap<>();
    StreamScale scale =
        new StreamScale(BLOCK, (weight, inputs) -> seen.put(weight, inputs.values()));
    Activations inputs = new Activations(1, 2, 2, new float[] {1, 2, 300, 400});
    scale.input("up.weight", inputs);
    scale.input("down.weight", inputs);
    assertThat(seen).containsOnlyKeys("up.weight");
    // Root mean squares 1 and 100.
    scale.release(new Activations(1, 2, 2, new float[] {1, -1, 100, 100}));
    assertThat(seen.get("up.weight")).isSameAs(inputs.values());
    assertThat(seen.get("down.weight")).containsExactly(new float[] {1, 2, 3, 4}, within(1e-6f));
    assertThat(inputs.values()).containsExactly(1, 2, 300, 400);
  }
}
