package halftone.bench;

import halftone.kernel.VectorKernels;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// XᵀX and XᵀY of 2048 rows of 768 activations, summed in float64 by chunks.
///
/// One operation is one multiply-add, so operations a nanosecond are Gmac/s. `gram` counts the
/// lower half alone, which is all that it computes before it mirrors.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GramBenchmark {
  private static final int ROWS = 2048;
  private static final int COLUMNS = 768;

  private final float[] x = RandomFloats.normal(ROWS * COLUMNS, 1, 1);
  private final float[] y = RandomFloats.normal(ROWS * COLUMNS, 1, 2);
  private final double[] sums = new double[COLUMNS * COLUMNS];

  @Benchmark
  @OperationsPerInvocation(ROWS * (COLUMNS * (COLUMNS + 1) / 2))
  public double[] gram(ThreadCount threads) {
    VectorKernels.gram(x, ROWS, COLUMNS, sums, threads.pool());
    return sums;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS * COLUMNS * COLUMNS)
  public double[] cross(ThreadCount threads) {
    VectorKernels.cross(x, y, ROWS, COLUMNS, COLUMNS, sums, threads.pool());
    return sums;
  }
}
