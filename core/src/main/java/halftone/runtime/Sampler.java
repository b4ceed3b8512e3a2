package halftone.runtime;

import halftone.kernel.Floats;
import halftone.kernel.RowKernels;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;

/// Chooses the tokens of one text, one after the other. Equal logits, [Sampling] and stream give
/// equal tokens, on any machine.
public final class Sampler {
  private final Sampling sampling;
  private final Random random;
  private final int[] recent;
  private Set<Integer> forbidden = Set.of();
  private int seen;

  public Sampler(Sampling sampling) {
    this(sampling, 0);
  }

  /// One of many texts that share a seed.
  ///
  /// @param stream the text's number: each draws numbers of its own
  public Sampler(Sampling sampling, long stream) {
    this.sampling = sampling;
    this.random = new Random(mixed(mixed(sampling.seed()) + stream));
    this.recent = new int[sampling.repeatLast()];
  }

  /// Neighbouring seeds must not give neighbouring numbers (SplitMix64, Steele et al. 2014).
  private static long mixed(long seed) {
    long z = seed + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /// Tokens that are never chosen from now on.
  public void forbid(Set<Integer> tokens) {
    forbidden = Set.copyOf(tokens);
  }

  /// A token that now belongs to the text, of the prompt or chosen: it counts as seen.
  public void accept(int token) {
    if (recent.length > 0) {
      recent[seen++ % recent.length] = token;
    }
  }

  /// The next token, not yet accepted.
  ///
  /// @param logits row of `count` logits from `at`, unchanged
  /// @throws ArithmeticException when one is NaN or none is finite: the network is broken
  public int next(float[] logits, int at, int count) {
    float[] row = Arrays.copyOfRange(logits, at, at + count);
    forbidden.forEach(token -> row[token] = Float.NEGATIVE_INFINITY);
    int likeliest = requireSound(row);
    boolean penalized = penalize(row);
    if (sampling.temperature() == 0) {
      return penalized ? requireSound(row) : likeliest;
    }
    if (sampling.topK() == 0 && sampling.topP() == 1 && sampling.minP() == 0) {
      return drawFromAll(row);
    }
    Candidates kept = kept(row);
    return kept.ids()[draw(kept.weights(sampling.temperature()))];
  }

  /// What penalty, top-k, top-p and min-p leave of a row of logits.
  Candidates kept(float[] row) {
    return Candidates.likeliest(row, sampling.topK())
        .untilMass(sampling.topP())
        .atLeast(sampling.minP());
  }

  private boolean penalize(float[] row) {
    if (sampling.repeatPenalty() == 1 || seen == 0) {
      return false;
    }
    Arrays.stream(recent, 0, Math.min(seen, recent.length))
        .distinct()
        .forEach(
            id ->
                row[id] =
                    row[id] > 0
                        ? row[id] / sampling.repeatPenalty()
                        : row[id] * sampling.repeatPenalty());
    return true;
  }

  /// The index of the largest, the first of several.
  private static int requireSound(float[] row) {
    int largest = 0;
    for (int i = 0; i < row.length; i++) {
      if (Float.isNaN(row[i])) {
        throw new ArithmeticException("the logit of token " + i + " is not a number");
      }
      largest = row[i] > row[largest] ? i : largest;
    }
    if (!Float.isFinite(row[largest])) {
      throw new ArithmeticException("the largest logit is " + row[largest]);
    }
    return largest;
  }

  /// Without sorting a whole vocabulary.
  private int drawFromAll(float[] row) {
    RowKernels.powers(new Floats(row), 0, row.length, 1 / sampling.temperature());
    double[] weights = new double[row.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = row[i];
    }
    return draw(weights);
  }

  private int draw(double[] weights) {
    double total = 0;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      total += weights[i];
      last = weights[i] > 0 ? i : last;
    }
    double left = random.nextDouble() * total;
    for (int i = 0; i < last; i++) {
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
    return last;
  }
}
