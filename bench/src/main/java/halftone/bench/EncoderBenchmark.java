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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Settling scales and codes of 64 rows of 768 weights with importance, for every format that
/// weights can be written in: what `quantize` spends most of its time on.
///
/// One operation is one weight, so a score is nanoseconds a weight.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncoderBenchmark {
  @Benchmark
  @OperationsPerInvocation(SampleRows.WEIGHTS)
  public FittedRows fit(SampleRows rows) {
    return rows.fit();
  }
}
