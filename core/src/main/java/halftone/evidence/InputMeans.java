package halftone.evidence;

import halftone.model.Model;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.workers.Workers;
import java.util.LinkedHashMap;
import java.util.Map;

/// E\[x\] of the inputs of every linear layer inside the blocks, by weight, over all tokens of a
/// text.
public final class InputMeans {
  private final Map<String, double[]> sums = new LinkedHashMap<>();
  private long tokens;

  private InputMeans() {}

  /// @param tokens sequences of one length
  public static Map<String, double[]> of(Model model, int[][] tokens, Workers workers) {
    InputMeans means = new InputMeans();
    new Engine(model, Arithmetic.EXACT, workers).watch(tokens, means::add);
    means.tokens = (long) tokens.length * tokens[0].length;
    means.sums.values().forEach(means::divide);
    return means.sums;
  }

  private void add(String weight, Activations inputs) {
    int width = inputs.width();
    double[] sum = sums.computeIfAbsent(weight, name -> new double[width]);
    for (int at = 0; at < inputs.values().length; at += width) {
      for (int j = 0; j < width; j++) {
        sum[j] += inputs.values()[at + j];
      }
    }
  }

  private void divide(double[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] /= tokens;
    }
  }
}
