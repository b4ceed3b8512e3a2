package halftone.evidence;

import halftone.model.Model;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.runtime.Tap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/// Passes on what flows into a block's linear layers; the inputs of those that write into the
/// residual stream it divides, token by token, by the root mean square of that stream behind the
/// block.
///
/// The next norm divides by it anyway: an error at a token whose stream is a hundred times larger
/// than the others' ("massive activations", arXiv 2402.17762) does little harm, yet the square of
/// its inputs would outweigh all other tokens together.
///
/// For each batch the block runs once under this tap; then [#release] passes on what waits for the
/// stream.
public final class StreamScale implements Tap {
  private final Tap next;
  private final Set<String> writers;
  private final Map<String, Activations> waiting = new LinkedHashMap<>();

  public StreamScale(Stage block, Tap next) {
    this.next = next;
    this.writers = Model.residualWriters(block);
  }

  @Override
  public void input(String weight, Activations inputs) {
    if (writers.contains(weight)) {
      waiting.put(weight, inputs);
    } else {
      next.input(weight, inputs);
    }
  }

  /// @param stream residual stream behind the block, on the tokens it has just run
  public void release(Activations stream) {
    waiting.forEach((weight, inputs) -> next.input(weight, divided(inputs, stream)));
    waiting.clear();
  }

  private static Activations divided(Activations inputs, Activations stream) {
    return scaled(inputs, row -> 1 / rootMeanSquare(stream, row));
  }

  /// Gradients by the outputs of layers that write into the stream, each token times the root mean
  /// square of `stream`, as their inputs are divided by it.
  static Activations multiplied(Activations gradients, Activations stream) {
    return scaled(gradients, row -> rootMeanSquare(stream, row));
  }

  private static Activations scaled(Activations x, IntToDoubleFunction factorOfRow) {
    int width = x.width();
    float[] values = new float[x.rows() * width];
    for (int row = 0; row < x.rows(); row++) {
      float factor = (float) factorOfRow.applyAsDouble(row);
      for (int j = row * width; j < (row + 1) * width; j++) {
        values[j] = factor * x.values()[j];
      }
    }
    return new Activations(x.sequences(), x.length(), width, values);
  }

  private static double rootMeanSquare(Activations stream, int row) {
    int width = stream.width();
    double sum = 0;
    for (int j = row * width; j < (row + 1) * width; j++) {
      sum += (double) stream.values()[j] * stream.values()[j];
    }
    return Math.sqrt(Math.max(sum / width, Float.MIN_NORMAL));
  }
}
