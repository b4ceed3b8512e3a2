package halftone.evidence;

import halftone.kernel.VectorKernels;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Gathers gradients of chosen rows of weights, one for each sequence: g_n = Σ_t dy_t x_tᵀ, divided
/// by the sequence's labelled tokens, one less than its length. The head is left out: its batches
/// are not sequences.
public final class RowGradientCollector implements GradientTap {
  /// Receives the gradients of a block's layers: for each weight, samples × (rows · columns).
  public interface Reader {
    void read(Stage stage, Map<String, List<float[]>> gradients);
  }

  private final Function<String, int @Nullable []> chosen;
  private final Workers workers;
  private final Reader reader;
  private final Map<String, List<float[]>> gradients = new LinkedHashMap<>();

  /// @param chosen rows of a weight to gather, null to leave it out
  public RowGradientCollector(
      Function<String, int @Nullable []> chosen, Workers workers, Reader reader) {
    this.chosen = chosen;
    this.workers = workers;
    this.reader = reader;
  }

  @Override
  public void layer(String weight, Activations inputs, Activations outputs) {
    int[] rows = chosen.apply(weight);
    if (rows == null) {
      return;
    }
    List<float[]> samples = gradients.computeIfAbsent(weight, name -> new ArrayList<>());
    int length = inputs.length();
    for (int sequence = 0; sequence < inputs.sequences(); sequence++) {
      int from = sequence * length;
      float[] x =
          Arrays.copyOfRange(
              inputs.values(), from * inputs.width(), (from + length) * inputs.width());
      float[] dy = columns(outputs, from, length, rows);
      double[] sums = new double[rows.length * inputs.width()];
      VectorKernels.cross(dy, x, length, rows.length, inputs.width(), sums, workers);
      samples.add(means(sums, length - 1));
    }
  }

  private static float[] columns(Activations all, int from, int length, int[] chosen) {
    float[] some = new float[length * chosen.length];
    for (int t = 0, at = 0; t < length; t++) {
      for (int column : chosen) {
        some[at++] = all.values()[(from + t) * all.width() + column];
      }
    }
    return some;
  }

  private static float[] means(double[] sums, int count) {
    float[] means = new float[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (sums[i] / count);
    }
    return means;
  }

  @Override
  public void release(Activations stream) {}

  @Override
  public void end(Stage stage) {
    Map<String, List<float[]>> finished = new LinkedHashMap<>(gradients);
    gradients.clear();
    reader.read(stage, finished);
  }
}
