package halftone.evidence;

import halftone.model.Model;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// How far single tokens stick out of the inputs of linear layers: for every sequence the largest
/// magnitude of a token's input over the median of all tokens', averaged over sequences (Maisonnave
/// et al., arXiv 2504.21553).
public final class SpikeRatios {
  /// What stands for the median of inputs that are dead.
  private static final double TINY = 1e-8;

  /// Above it a layer counts as spiking unless another cut is asked for (reconstructed).
  public static final double CUT = 100;

  private final SequencedMap<String, double[]> sums = new LinkedHashMap<>();

  /// The ratio of every linear layer that the text reaches, by weight, in the order of the network.
  ///
  /// @param tokens sequences as the model reads them, its first token at the beginning where it has
  ///   one: it is the token that spikes most often
  public static SequencedMap<String, Double> of(Model model, int[][] tokens, Workers workers) {
    SpikeRatios ratios = new SpikeRatios();
    new Engine(model, Arithmetic.EXACT, workers).watch(tokens, ratios::add);
    SequencedMap<String, Double> means = new LinkedHashMap<>();
    ratios.sums.keySet().forEach(weight -> means.put(weight, ratios.mean(weight)));
    return means;
  }

  /// The ratio of a layer over all sequences added; NaN if there was none.
  public double mean(String weight) {
    double[] sum = sums.getOrDefault(weight, new double[2]);
    return sum[0] / sum[1];
  }

  /// Adds the inputs of a layer, whole sequences.
  public void add(String weight, Activations inputs) {
    double[] sum = sums.computeIfAbsent(weight, name -> new double[2]);
    for (int sequence = 0; sequence < inputs.sequences(); sequence++) {
      sum[0] += ratio(inputs, sequence);
      sum[1]++;
    }
  }

  /// max_t a_t over the median, a_t = max_j |x_tj|.
  static double ratio(Activations inputs, int sequence) {
    int width = inputs.width();
    float[] largest = new float[inputs.length()];
    for (int t = 0; t < largest.length; t++) {
      int at = (sequence * inputs.length() + t) * width;
      for (int j = at; j < at + width; j++) {
        largest[t] = Math.max(largest[t], Math.abs(inputs.values()[j]));
      }
    }
    Arrays.sort(largest);
    int middle = largest.length / 2;
    double median =
        largest.length % 2 == 1
            ? largest[middle]
            : (largest[middle - 1] + (double) largest[middle]) / 2;
    return largest[largest.length - 1] / (median + TINY);
  }
}
