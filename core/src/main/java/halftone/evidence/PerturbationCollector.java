package halftone.evidence;

import halftone.kernel.VectorKernels;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.workers.Workers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What changes ΔW of the weights of a block do to the loss, to first order and token by token: c =
/// Σ ⟨∂L/∂y, ΔW x⟩ over the block's linear layers.
public final class PerturbationCollector implements GradientTap {
  /// Sums over the tokens of all sequences.
  ///
  /// @param signed Σ c, the change of the loss to first order
  /// @param magnitudes Σ |c|
  /// @param squares Σ c²
  public record Change(int sequences, double signed, double magnitudes, double squares) {}

  /// Receives what is known of a block.
  public interface Reader {
    void read(Stage block, Change change);
  }

  private final Function<String, float @Nullable []> perturbation;
  private final Workers workers;
  private final Reader reader;
  private final Map<String, float[]> changes = new HashMap<>();
  private double[] tokens = {};
  private Change sum = new Change(0, 0, 0, 0);

  /// @param perturbation ΔW of a weight, row-major, or null to leave it out: the head always, whose
  ///   batches are not sequences
  public PerturbationCollector(
      Function<String, float @Nullable []> perturbation, Workers workers, Reader reader) {
    this.perturbation = perturbation;
    this.workers = workers;
    this.reader = reader;
  }

  @Override
  public void layer(String weight, Activations inputs, Activations gradients) {
    float[] change = changes.get(weight);
    if (change == null) {
      change = perturbation.apply(weight);
      if (change == null) {
        return;
      }
      changes.put(weight, change);
    }
    int rows = inputs.rows();
    int width = gradients.width();
    float[] outputs =
        VectorKernels.multiplyTransposed(
            inputs.values(), change, rows, width, inputs.width(), workers);
    if (tokens.length == 0) {
      tokens = new double[rows];
    }
    for (int t = 0; t < rows; t++) {
      double product = 0;
      for (int i = t * width; i < (t + 1) * width; i++) {
        product += (double) outputs[i] * gradients.values()[i];
      }
      tokens[t] += product;
    }
  }

  @Override
  public void release(Activations stream) {
    double signed = sum.signed();
    double magnitudes = sum.magnitudes();
    double squares = sum.squares();
    for (double c : tokens) {
      signed += c;
      magnitudes += Math.abs(c);
      squares += c * c;
    }
    sum = new Change(sum.sequences() + stream.sequences(), signed, magnitudes, squares);
    tokens = new double[] {};
  }

  @Override
  public void end(Stage stage) {
    if (sum.sequences() > 0) {
      reader.read(stage, sum);
    }
    changes.clear();
    sum = new Change(0, 0, 0, 0);
  }
}
