package halftone.quantizer;

import halftone.kernel.VectorKernels;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// SliM-LLM's allocation: groups sorted by salience, the i lowest one bit less, the i highest one
/// bit more, for the i at which the layer's outputs, taken as a distribution over its output
/// channels, diverge least from the original's on a sample of inputs. The mean width stays what it
/// is.
///
/// Outputs are sums over groups, so from one i to the next only two groups' parts change.
final class SalientGroups {
  private static final double LEAST_PROBABILITY = 1e-6;
  private static final double BLIND = 1e-12;

  /// Output channels that are compared at most; of more, as many evenly.
  private static final int MOST_ROWS = 2048;

  private final WholeWeight weight;
  private final int group;
  private final int groups;
  private final float[] sample;
  private final int tokens;
  private final Workers workers;

  private SalientGroups(WholeWeight weight, int group, float[] sample, Workers workers) {
    this.weight = weight;
    this.group = group;
    this.groups = Math.ceilDiv(weight.columns(), group);
    this.sample = sample;
    this.tokens = sample.length / weight.columns();
    this.workers = workers;
  }

  /// A width for each group.
  ///
  /// @param sample inputs, tokens × columns
  static byte[] widths(
      WholeWeight weight, int group, int bits, LdlFactor factor, float[] sample, Workers workers) {
    int[] order = bySalience(weight, group, factor);
    SalientGroups search = new SalientGroups(sampled(weight), group, sample, workers);
    int pairs = search.bestPairs(order, bits);
    byte[] widths = new byte[order.length];
    Arrays.fill(widths, (byte) bits);
    for (int i = 0; i < pairs; i++) {
      widths[order[i]]--;
      widths[order[order.length - 1 - i]]++;
    }
    return widths;
  }

  private static WholeWeight sampled(WholeWeight weight) {
    int rows = Math.min(weight.rows(), MOST_ROWS);
    float[] values = new float[rows * weight.columns()];
    for (int r = 0; r < rows; r++) {
      int row = (int) ((long) r * weight.rows() / rows);
      System.arraycopy(
          weight.values(), row * weight.columns(), values, r * weight.columns(), weight.columns());
    }
    return new WholeWeight(rows, weight.columns(), values);
  }

  /// Whole groups, the least salient first; a short last group has no partner of its size and stays
  /// out of it.
  private static int[] bySalience(WholeWeight weight, int group, LdlFactor factor) {
    int groups = Math.ceilDiv(weight.columns(), group);
    double[] salience = new double[groups];
    for (int row = 0; row < weight.rows(); row++) {
      for (int j = 0; j < weight.columns(); j++) {
        salience[j / group] += SlimLlm.salience(weight, factor, row, j);
      }
    }
    return IntStream.range(0, groups)
        .boxed()
        .sorted(Comparator.comparingDouble(g -> salience[g]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private int bestPairs(int[] order, int bits) {
    boolean even = weight.columns() % group == 0;
    if (groups < 4 || !even) {
      return 0;
    }
    float[] wanted = outputs(weight.values());
    float[] current = new float[wanted.length];
    for (int g = 0; g < groups; g++) {
      add(current, g, bits, 1);
    }
    int most = groups / 2 - 1;
    double[] divergences = new double[most];
    double[] squares = new double[most];
    for (int i = 0; i < most; i++) {
      add(current, order[i], bits, -1);
      add(current, order[i], bits - 1, 1);
      add(current, order[groups - 1 - i], bits, -1);
      add(current, order[groups - 1 - i], bits + 1, 1);
      divergences[i] = divergence(current, wanted);
      squares[i] = squares(current, wanted);
    }
    boolean blind = Arrays.stream(divergences).allMatch(each -> each < BLIND);
    double[] errors = blind ? squares : divergences;
    int best = 0;
    for (int i = 1; i < most; i++) {
      best = errors[i] < errors[best] ? i : best;
    }
    return best + 1;
  }

  private float[] outputs(float[] weights) {
    return VectorKernels.multiplyTransposed(
        sample, weights, tokens, weight.rows(), weight.columns(), workers);
  }

  /// Adds the part of the outputs that a group rounded to a width makes.
  private void add(float[] outputs, int g, int bits, int sign) {
    int from = g * group;
    float[] columns = new float[weight.rows() * group];
    for (int row = 0; row < weight.rows(); row++) {
      int at = row * weight.columns() + from;
      GroupWeights w = new GroupWeights(weight.values(), at, 1, group);
      GroupGrid grid = GroupGrid.minMax(w, bits);
      for (int j = 0; j < group; j++) {
        columns[row * group + j] = sign * grid.value(grid.code(w.get(j)));
      }
    }
    float[] inputs = new float[tokens * group];
    for (int t = 0; t < tokens; t++) {
      System.arraycopy(sample, t * weight.columns() + from, inputs, t * group, group);
    }
    float[] part =
        VectorKernels.multiplyTransposed(inputs, columns, tokens, weight.rows(), group, workers);
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] += part[i];
    }
  }

  /// Mean over tokens of KL(softmax(found) ‖ softmax(wanted)), probabilities at least 10⁻⁶.
  private double divergence(float[] found, float[] wanted) {
    double sum = 0;
    int rows = weight.rows();
    for (int t = 0; t < tokens; t++) {
      double[] p = softmax(found, t * rows, rows);
      double[] q = softmax(wanted, t * rows, rows);
      for (int i = 0; i < rows; i++) {
        sum += p[i] * Math.log(p[i] / q[i]);
      }
    }
    return sum / tokens;
  }

  private static double[] softmax(float[] values, int at, int count) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, values[at + i]);
    }
    double[] p = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      p[i] = Math.exp(values[at + i] - largest);
      sum += p[i];
    }
    for (int i = 0; i < count; i++) {
      p[i] = Math.max(p[i] / sum, LEAST_PROBABILITY);
    }
    return p;
  }

  private static double squares(float[] found, float[] wanted) {
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      double e = (double) found[i] - wanted[i];
      sum += e * e;
    }
    return sum / found.length;
  }
}
