package halftone.bench;

import halftone.numeric.BlockLayout;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Decoding 64 rows of 768 weights of every format that weights can be written in, from bytes that
/// stay in the cache.
///
/// One operation is one weight, so a score is nanoseconds a weight; the format's bits per weight,
/// divided by eight times the score, are the GB/s read, and 4 divided by it those written.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls `encode` first
public class DecoderBenchmark {
  private final float[] decoded = new float[SampleRows.WEIGHTS];
  private MemorySegment bytes;

  @Setup
  public void encode(SampleRows rows) {
    BlockLayout layout = rows.found().layout();
    bytes = Arena.ofAuto().allocate(layout.bytesOf(SampleRows.WEIGHTS), 64);
    rows.fit().pack(bytes, 0);
  }

  @Benchmark
  @OperationsPerInvocation(SampleRows.WEIGHTS)
  public float[] decode(SampleRows rows) {
    rows.found().decode(bytes, 0, decoded, 0, SampleRows.WEIGHTS);
    return decoded;
  }
}
