package halftone.runtime;

import java.util.Arrays;

/// Tokens still in the running: the likeliest first, the lower id first among equals.
///
/// @param logits in the order of `ids`
record Candidates(int[] ids, float[] logits) {
  /// Up to this many are picked by insertion, which touches few of a large vocabulary.
  private static final int INSERTED = 256;

  /// The `count` likeliest of all; all of them when `count` is 0.
  static Candidates likeliest(float[] logits, int count) {
    if (count == 0 || count > INSERTED) {
      return sorted(logits, count == 0 ? logits.length : Math.min(count, logits.length));
    }
    int wanted = Math.min(count, logits.length);
    int[] ids = new int[wanted];
    int held = 0;
    for (int id = 0; id < logits.length; id++) {
      if (held < wanted || logits[id] > logits[ids[held - 1]]) {
        int place = held < wanted ? held++ : held - 1;
        while (place > 0 && logits[ids[place - 1]] < logits[id]) {
          ids[place] = ids[place - 1];
          place--;
        }
        ids[place] = id;
      }
    }
    return of(ids, logits);
  }

  private static Candidates sorted(float[] logits, int count) {
    long[] keys = new long[logits.length];
    for (int id = 0; id < keys.length; id++) {
      keys[id] = (long) ascending(-logits[id]) << 32 | id;
    }
    Arrays.sort(keys);
    int[] ids = new int[count];
    Arrays.setAll(ids, i -> (int) keys[i]);
    return of(ids, logits);
  }

  /// An integer that orders as the float does; both zeros are one.
  private static int ascending(float value) {
    int bits = Float.floatToIntBits(value + 0f);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  private static Candidates of(int[] ids, float[] logits) {
    float[] own = new float[ids.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = logits[ids[i]];
    }
    return new Candidates(ids, own);
  }

  /// The fewest from the front whose probabilities reach `mass`.
  Candidates untilMass(float mass) {
    if (mass >= 1) {
      return this;
    }
    double[] weights = weights(1);
    double wanted = mass * Arrays.stream(weights).sum();
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      if (sum >= wanted) {
        return first(i + 1);
      }
    }
    return this;
  }

  /// Those at least `share` times as likely as the first.
  Candidates atLeast(float share) {
    if (share <= 0) {
      return this;
    }
    double least = logits[0] + Math.log(share);
    int kept = 1;
    while (kept < logits.length && logits[kept] >= least) {
      kept++;
    }
    return first(kept);
  }

  private Candidates first(int count) {
    return new Candidates(Arrays.copyOf(ids, count), Arrays.copyOf(logits, count));
  }

  /// e^((logit − largest) / temperature): probabilities but for a factor.
  double[] weights(float temperature) {
    double[] weights = new double[logits.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = StrictMath.exp((logits[i] - logits[0]) / (double) temperature);
    }
    return weights;
  }
}
