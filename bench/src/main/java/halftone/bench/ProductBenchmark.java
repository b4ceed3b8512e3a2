package halftone.bench;

import halftone.kernel.Panels;
import halftone.kernel.RowRounding;
import halftone.kernel.VectorKernels;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

/// A linear layer of 768 inputs and 1536 outputs over a batch of 2048 rows, stored plainly and
/// quantized: the difference is what decoding costs.
///
/// One operation is a thousand multiply-adds, so operations a microsecond are Gmac/s.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH sets `format` and calls `prepare` first
public class ProductBenchmark {
  private static final int ROWS = 2048;
  private static final int INPUTS = 768;
  private static final int OUTPUTS = 1536;

  /// Thousands, because JMH counts in `int`.
  private static final int KILO_MACS = (int) ((long) ROWS * INPUTS * OUTPUTS / 1000);

  @Param({"F32", "Q4_K"})
  public String format;

  private final float[] out = new float[ROWS * OUTPUTS];
  private Panels batch;
  private Tensor weight;

  @Setup
  public void prepare(ThreadCount threads) {
    float[] activations = RandomFloats.normal(ROWS * INPUTS, 1, 1);
    batch = Panels.ofRows(activations, ROWS, INPUTS, RowRounding.NONE, threads.pool());
    Shape shape = Shape.of(INPUTS, OUTPUTS);
    WeightFormat stored = (WeightFormat) NumberFormats.named(format);
    MemorySegment bytes = Arena.ofAuto().allocate(Tensor.bytesOf(shape, stored), 64);
    float[] values = RandomFloats.normal(INPUTS * OUTPUTS, 0.02, 2);
    stored.fit(values, 0, OUTPUTS, INPUTS, null).pack(bytes, 0);
    weight = new Tensor("weight", shape, stored, bytes);
  }

  @Benchmark
  @OperationsPerInvocation(KILO_MACS)
  public float[] multiply(ThreadCount threads) {
    VectorKernels.multiply(batch, weight, out, threads.pool());
    return out;
  }
}
