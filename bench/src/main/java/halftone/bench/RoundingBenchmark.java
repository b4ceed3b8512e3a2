package halftone.bench;

import halftone.numeric.FittedRows;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Rounding all columns of 64 fitted rows of 768 weights, one column (or four or eight, as the
/// format has it) after the other, as GPTQ does; without its error feedback.
///
/// One operation is one weight, so a score is nanoseconds a weight.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls `fit` first
public class RoundingBenchmark {
  /// Column-major, and not quite the weights that the scales were fitted to, as in GPTQ.
  private final float[] targets = RandomFloats.normal(SampleRows.WEIGHTS, 0.02, 3);

  private FittedRows fitted;
  private float[] wanted;
  private float[] rounded;

  @Setup
  public void fit(SampleRows rows) {
    fitted = rows.fit();
    wanted = new float[fitted.arity() * SampleRows.ROWS];
    rounded = new float[wanted.length];
  }

  @Benchmark
  @OperationsPerInvocation(SampleRows.WEIGHTS)
  public float[] round() {
    for (int column = 0; column < SampleRows.COLUMNS; column += fitted.arity()) {
      System.arraycopy(targets, column * SampleRows.ROWS, wanted, 0, wanted.length);
      fitted.round(column, wanted, rounded);
    }
    return rounded;
  }
}
