package halftone.bench;

import halftone.allocation.Allocation;
import halftone.allocation.MultipleChoiceKnapsack;
import halftone.allocation.Problem;
import halftone.allocation.Resource;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Choosing one of 12 formats for each of 211 tensors, those of a 135M-parameter network (the
/// embedding and thirty layers of seven), within a budget of bytes.
///
/// One operation is one allocation with its certificate, so a score is milliseconds each.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH sets `bits` and calls `draw` first
public class AllocationBenchmark {
  private static final double[] OPTIONS = {
    2.0625, 2.5625, 3.0625, 3.4375, 4.25, 4.5, 5.0, 5.5, 6.0, 6.5625, 7.5, 8.5
  };
  private static final long[] LAYER = {
    589_824, 589_824, 196_608, 196_608, 1_179_648, 1_179_648, 1_179_648
  };
  private static final long EMBEDDING = 37_748_736;
  private static final int TENSORS = 211;

  /// The budget, in bits a weight.
  @Param({"3.5", "4.5"})
  public double bits;

  private Problem problem;

  /// Losses fall by four a bit, times noise of 30 %, as measured ones do.
  @Setup
  public void draw() {
    SplittableRandom random = new SplittableRandom(1);
    double[][] loss = new double[TENSORS][OPTIONS.length];
    long[][] bytes = new long[TENSORS][OPTIONS.length];
    long weights = 0;
    for (int unit = 0; unit < TENSORS; unit++) {
      long size = unit == 0 ? EMBEDDING : LAYER[(unit - 1) % LAYER.length];
      double importance = Math.pow((double) size, 0.8) * Math.exp(random.nextGaussian());
      Arrays.setAll(
          loss[unit], j -> importance * Math.pow(4, -OPTIONS[j]) * (1 + 0.3 * random.nextDouble()));
      Arrays.setAll(bytes[unit], j -> (long) Math.ceil(size * OPTIONS[j] / 8));
      weights += size;
    }
    problem = new Problem(loss, new Resource("bytes", bytes, (long) ((double) weights * bits / 8)));
  }

  @Benchmark
  public Allocation allocate() {
    return MultipleChoiceKnapsack.STANDARD.allocate(problem);
  }
}
