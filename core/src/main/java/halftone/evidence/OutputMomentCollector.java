package halftone.evidence;

import halftone.model.Model;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.workers.Workers;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Gathers [OutputMoments] for every linear layer, stage by stage.
///
/// Gradients of layers that write into the residual stream are multiplied, token by token, by the
/// root mean square of that stream behind the block, since [StreamScale] divides the layers' inputs
/// by it: the product of a token's two factors, its part of the weight's gradient, stays what it
/// is.
public final class OutputMomentCollector implements GradientTap {
  /// Receives the moments of a stage's layers, by weight.
  public interface Reader {
    void read(Stage stage, Map<String, OutputMoments> moments);
  }

  private final boolean withGrams;
  private final Workers workers;
  private final Reader reader;
  private final Set<String> writers = new HashSet<>();
  private final Set<String> inBlocks = new HashSet<>();
  private final Map<String, Activations> waiting = new LinkedHashMap<>();
  private final Map<String, ProductSums> squares = new LinkedHashMap<>();
  private final Map<String, ProductSums> grams = new LinkedHashMap<>();

  /// @param withGrams whether whole matrices are gathered in the blocks, not their diagonals alone;
  ///   the head's would be the vocabulary squared
  public OutputMomentCollector(Model model, boolean withGrams, Workers workers, Reader reader) {
    this.withGrams = withGrams;
    this.workers = workers;
    this.reader = reader;
    for (Stage block : model.blocks()) {
      writers.addAll(Model.residualWriters(block));
      inBlocks.addAll(Model.linears(block));
    }
  }

  @Override
  public void layer(String weight, Activations inputs, Activations gradients) {
    if (writers.contains(weight)) {
      waiting.put(weight, gradients);
    } else {
      add(weight, gradients);
    }
  }

  @Override
  public void release(Activations stream) {
    waiting.forEach((weight, g) -> add(weight, StreamScale.multiplied(g, stream)));
    waiting.clear();
  }

  private void add(String weight, Activations gradients) {
    squares.computeIfAbsent(weight, name -> new ProductSums()).addSquares(gradients);
    if (withGrams && inBlocks.contains(weight)) {
      grams.computeIfAbsent(weight, name -> new ProductSums()).addGram(gradients, workers);
    }
  }

  @Override
  public void end(Stage stage) {
    Map<String, OutputMoments> moments = new LinkedHashMap<>();
    squares.forEach(
        (weight, sums) -> {
          ProductSums gram = grams.get(weight);
          moments.put(
              weight, new OutputMoments(sums.toMeans(), gram == null ? null : gram.toMeans()));
        });
    squares.clear();
    grams.clear();
    reader.read(stage, moments);
  }
}
