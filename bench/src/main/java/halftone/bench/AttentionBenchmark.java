package halftone.bench;

import halftone.kernel.Attention;
import halftone.kernel.RowRounding;
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

/// Causal attention of four sequences of 512 positions: nine heads of 64 that share three key-value
/// heads.
///
/// One operation is one multiply-add of a visible score or of its value, so operations a nanosecond
/// are Gmac/s; packing, softmax and the hidden half of the blocks on the diagonal are not counted,
/// but timed.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {
  private static final int SEQUENCES = 4;
  private static final int LENGTH = 512;
  private static final int HEADS = 9;
  private static final int KEY_VALUE_HEADS = 3;
  private static final int SIZE = 64;

  /// A head's pairs of a position and one that it sees.
  private static final int PAIRS = LENGTH * (LENGTH + 1) / 2;

  private final Attention attention =
      new Attention(HEADS, KEY_VALUE_HEADS, SIZE, 0.125f, 0, 0, RowRounding.NONE, RowRounding.NONE);
  private final float[] queries = RandomFloats.normal(SEQUENCES * LENGTH * HEADS * SIZE, 1, 1);
  private final float[] keys =
      RandomFloats.normal(SEQUENCES * LENGTH * KEY_VALUE_HEADS * SIZE, 1, 2);
  private final float[] values =
      RandomFloats.normal(SEQUENCES * LENGTH * KEY_VALUE_HEADS * SIZE, 1, 3);
  private final float[] out = new float[queries.length];

  @Benchmark
  @OperationsPerInvocation(SEQUENCES * HEADS * PAIRS * SIZE * 2)
  public float[] run(ThreadCount threads) {
    attention.run(queries, keys, values, SEQUENCES, LENGTH, out, threads.pool());
    return out;
  }
}
