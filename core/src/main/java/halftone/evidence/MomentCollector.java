package halftone.evidence;

import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Gathers [InputMoments] for every linear layer of a stage: for each batch of tokens the engine
/// runs the stage under this tap, then [#release] is told what came out of it.
///
/// Mean squares are those of the inputs as they are, as in an importance matrix; Gram matrices are
/// weighted by [StreamScale].
public final class MomentCollector implements Tap {
  private final boolean withGrams;
  private final SumsByInput<ProductSums> squares = new SumsByInput<>(ProductSums::new);
  private final SumsByInput<ProductSums> grams = new SumsByInput<>(ProductSums::new);
  private final StreamScale scale;

  public MomentCollector(Stage stage, boolean withGrams, Workers workers) {
    this.withGrams = withGrams;
    this.scale =
        new StreamScale(
            stage,
            (weight, inputs) -> {
              ProductSums sums = grams.toAdd(weight, inputs);
              if (sums != null) {
                sums.addGram(inputs, workers);
              }
            });
  }

  @Override
  public void input(String weight, Activations inputs) {
    ProductSums sums = squares.toAdd(weight, inputs);
    if (sums != null) {
      sums.addSquares(inputs);
    }
    if (withGrams) {
      scale.input(weight, inputs);
    }
  }

  /// @param stream residual stream behind the stage, on the tokens it has just run
  public void release(Activations stream) {
    scale.release(stream);
  }

  /// Moments by weight name; weights with a shared input have the same object.
  public Map<String, InputMoments> moments() {
    IdentityHashMap<ProductSums, InputMoments> finished = new IdentityHashMap<>();
    Map<String, InputMoments> byWeight = new LinkedHashMap<>();
    squares
        .byWeight()
        .forEach(
            (weight, sums) ->
                byWeight.put(weight, finished.computeIfAbsent(sums, key -> moments(weight, key))));
    return byWeight;
  }

  private InputMoments moments(String weight, ProductSums sums) {
    ProductSums gram = grams.byWeight().get(weight);
    return new InputMoments(
        sums.width(), sums.tokens(), sums.toFloats(), gram == null ? null : gram.toFloats());
  }
}
