package halftone.evidence;

import halftone.kernel.VectorKernels;
import halftone.runtime.Activations;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gathers [InputMoments] for every linear layer of a stage while the engine runs it. Layers that
/// share an input share their moments: each input is counted once.
public final class MomentCollector implements Tap {
  private final boolean withGrams;
  private final Workers workers;
  private final Map<String, MomentSums> sumsByWeight = new LinkedHashMap<>();
  private float @Nullable [] lastInputs;
  private @Nullable MomentSums lastSums;

  public MomentCollector(boolean withGrams, Workers workers) {
    this.withGrams = withGrams;
    this.workers = workers;
  }

  @Override
  public void input(String weight, Activations inputs) {
    MomentSums shared = lastSums;
    if (inputs.values() == lastInputs && shared != null) {
      sumsByWeight.putIfAbsent(weight, shared);
      return;
    }
    MomentSums sums =
        sumsByWeight.computeIfAbsent(weight, name -> new MomentSums(inputs.width(), withGrams));
    sums.add(inputs, workers);
    lastInputs = inputs.values();
    lastSums = sums;
  }

  /// Moments by weight name; weights with a shared input have the same object.
  public Map<String, InputMoments> moments() {
    Map<MomentSums, InputMoments> finished = new LinkedHashMap<>();
    Map<String, InputMoments> byWeight = new LinkedHashMap<>();
    sumsByWeight.forEach(
        (weight, sums) ->
            byWeight.put(weight, finished.computeIfAbsent(sums, MomentSums::moments)));
    return byWeight;
  }

  /// Sums over the tokens seen so far, in double: fifty thousand squares lose digits in float.
  private static final class MomentSums {
    private final int width;
    private final double[] squares;
    private final double @Nullable [] gram;
    private long tokens;

    MomentSums(int width, boolean withGram) {
      this.width = width;
      this.squares = new double[width];
      this.gram = withGram ? new double[width * width] : null;
    }

    void add(Activations inputs, Workers workers) {
      float[] values = inputs.values();
      for (int row = 0, at = 0; row < inputs.rows(); row++) {
        for (int j = 0; j < width; j++, at++) {
          squares[j] += (double) values[at] * values[at];
        }
      }
      tokens += inputs.rows();
      if (gram != null) {
        VectorKernels.gram(values, inputs.rows(), width, gram, workers);
      }
    }

    InputMoments moments() {
      return new InputMoments(width, tokens, floats(squares), gram == null ? null : floats(gram));
    }

    private static float[] floats(double[] sums) {
      float[] floats = new float[sums.length];
      for (int i = 0; i < sums.length; i++) {
        floats[i] = (float) sums[i];
      }
      return floats;
    }
  }
}
