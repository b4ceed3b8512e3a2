package halftone.bench;

import halftone.kernel.ErrorFeedback;
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

/// What GPTQ adds to the targets of 64 rows of 768 weights in one sweep, in blocks of 64 columns.
/// `blocks` is the feedback of all earlier blocks; `columns` that of each column to the rest of its
/// block.
///
/// One operation is one multiply-add, so operations a nanosecond are Gmac/s.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ErrorFeedbackBenchmark {
  private static final int ROWS = ErrorFeedback.ROWS;
  private static final int COLUMNS = 768;
  private static final int BLOCK = 64;
  private static final int BLOCKS = COLUMNS / BLOCK;

  private final float[] errors = RandomFloats.normal(COLUMNS * ROWS, 0.002, 1);
  private final float[] feedback = RandomFloats.normal(COLUMNS * COLUMNS, 0.02, 2);
  private final float[] targets = RandomFloats.normal(COLUMNS * ROWS, 0.02, 3);

  @Benchmark
  @OperationsPerInvocation(ROWS * BLOCK * BLOCK * (BLOCKS * (BLOCKS - 1) / 2))
  public float[] blocks() {
    for (int from = 0; from < COLUMNS; from += BLOCK) {
      ErrorFeedback.add(errors, targets, feedback, COLUMNS, 0, from, from, from + BLOCK);
    }
    return targets;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS * BLOCKS * (BLOCK * (BLOCK - 1) / 2))
  public float[] columns() {
    for (int from = 0; from < COLUMNS; from += BLOCK) {
      int to = from + BLOCK;
      for (int column = from; column < to; column++) {
        int next = column + 1;
        ErrorFeedback.add(errors, targets, feedback, COLUMNS, column, next, next, to);
      }
    }
    return targets;
  }
}
