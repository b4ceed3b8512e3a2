package halftone.bench;

import halftone.kernel.SoftmaxKernel;
import halftone.kernel.SoftmaxKernelScalar;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The loops over a row of 49152 logits, of the fastest implementation and of the scalar reference
/// that it equals.
///
/// One operation is one logit, so a score is nanoseconds a logit; 4 (for `divergence` 8) bytes
/// divided by it are GB/s.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH sets `implementation` and calls `choose` first
public class SoftmaxBenchmark {
  private static final int LOGITS = 49_152;

  /// Above what a logit is below the largest by, so that `divergence` leaves none out.
  private static final float CUT = -80;

  @Param({"fastest", "scalar"})
  public String implementation;

  private final float[] p = RandomFloats.normal(LOGITS, 3, 1);
  private final float[] q = RandomFloats.normal(LOGITS, 3, 2);
  private SoftmaxKernel kernel;
  private float largest;

  @Setup
  public void choose() {
    kernel =
        switch (implementation) {
          case "fastest" -> SoftmaxKernel.fastest();
          case "scalar" -> new SoftmaxKernelScalar();
          default ->
              throw new IllegalArgumentException(
                  "implementation is fastest or scalar, not " + implementation);
        };
    largest = kernel.max(p, 0, LOGITS);
  }

  @Benchmark
  @OperationsPerInvocation(LOGITS)
  public float max() {
    return kernel.max(p, 0, LOGITS);
  }

  @Benchmark
  @OperationsPerInvocation(LOGITS)
  public double sumExp() {
    return kernel.sumExp(p, 0, LOGITS, largest);
  }

  @Benchmark
  @OperationsPerInvocation(LOGITS)
  public SoftmaxKernel.Divergence divergence() {
    return kernel.divergence(p, 0, largest, q, 0, LOGITS, CUT);
  }
}
