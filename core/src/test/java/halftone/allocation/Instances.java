package halftone.allocation;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Problems that tests of allocators share.
final class Instances {
  private static final double[] BITS = {
    2.0625, 2.5625, 3.0625, 3.4375, 4.25, 4.5, 5.0, 5.5, 6.0, 6.5625, 7.5, 8.5
  };

  private Instances() {}

  /// Weights of SmolLM2-135M's 211 tensors: the embedding and thirty layers of seven.
  static long[] smolSizes() {
    long[] sizes = new long[211];
    sizes[0] = 37_748_736;
    long[] layer = {589_824, 589_824, 196_608, 196_608, 1_179_648, 1_179_648, 1_179_648};
    for (int i = 1; i < sizes.length; i++) {
      sizes[i] = layer[(i - 1) % 7];
    }
    return sizes;
  }

  /// Losses ∝ size^.8 · 4^−bits with noise over 12 formats; cost in bytes.
  static Problem smol(long seed, double bpw) {
    return synthetic(smolSizes(), seed, bpw);
  }

  /// Log-normal sizes (σ = 1.5) without a common divisor.
  static Problem logNormal(int units, long seed, double bpw) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] sizes = new long[units];
    Arrays.setAll(sizes, i -> Math.round(1e5 * Math.exp(1.5 * random.nextGaussian())));
    return synthetic(sizes, seed, bpw);
  }

  private static Problem synthetic(long[] sizes, long seed, double bpw) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] loss = new double[sizes.length][BITS.length];
    long[][] cost = new long[sizes.length][BITS.length];
    for (int unit = 0; unit < sizes.length; unit++) {
      double importance = Math.pow(sizes[unit], .8) * Math.exp(random.nextGaussian());
      for (int j = 0; j < BITS.length; j++) {
        loss[unit][j] = importance * Math.pow(4, -BITS[j]) * (1 + .3 * random.nextDouble());
        cost[unit][j] = (long) Math.ceil(sizes[unit] * BITS[j] / 8);
      }
    }
    long limit = (long) (Arrays.stream(sizes).sum() * bpw / 8);
    return new Problem(loss, new Resource("bytes", cost, limit));
  }

  /// Adds a second and third resource of random costs whose limits lie half-way between their
  /// extremes.
  static Problem withMoreResources(Problem problem, int resources, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    java.util.List<Resource> all = new java.util.ArrayList<>(problem.resources());
    for (int r = 1; r < resources; r++) {
      long[][] cost =
          Arrays.stream(problem.resources().getFirst().cost())
              .map(row -> times(row, random))
              .toArray(long[][]::new);
      long low = Arrays.stream(cost).mapToLong(row -> Arrays.stream(row).min().getAsLong()).sum();
      long high = Arrays.stream(cost).mapToLong(row -> Arrays.stream(row).max().getAsLong()).sum();
      all.add(new Resource("resource " + r, cost, low + (high - low) / 3));
    }
    return new Problem(problem.objective(), all, problem.ties());
  }

  private static long[] times(long[] row, SplittableRandom random) {
    double factor = Math.exp(random.nextGaussian());
    return Arrays.stream(row)
        .map(c -> (long) (c * factor * (.8 + .4 * random.nextDouble())))
        .toArray();
  }
}
