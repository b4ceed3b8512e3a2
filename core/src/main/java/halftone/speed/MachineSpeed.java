package halftone.speed;

import halftone.kernel.VectorKernels;
import halftone.machine.InstructionSet;
import halftone.machine.PeakLoops;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What some cores, working at the same time, do in a second at most. The best of a few moments
/// counts: others may use the machine too.
///
/// @param floats products of float32 added up: the CPU's limit where machine code tells it, else
///   those of our matrix product with its operands in the cache
/// @param integers products of bytes added up; 0 where no instruction for them is used
/// @param bytes read from memory
public record MachineSpeed(double floats, double integers, double bytes) {
  private static final int MOMENTS = 5;
  private static final long MOMENT = 20_000_000L;

  private static final int WIDTH = 256;
  private static final int ROWS = 32;

  /// Beyond the usual caches.
  private static final long MEMORY = 128L << 20;

  /// What a call reads: a short while, as the garbage collector waits for it.
  private static final long PIECE = 1L << 20;

  /// Rounds of a loop in a call.
  private static final long ROUNDS = 10_000;

  /// So much faster is the product when the optimizing compiler has done its work; where it does
  /// not, the wait ends.
  private static final double COMPILED = 20;

  private static final long LONGEST_WAIT = 3_000_000_000L;

  /// To be called after [#awaitCompiler].
  ///
  /// @param cores that work at the same time
  public static MachineSpeed measure(int cores) {
    try (Workers workers = new LocalWorkers(cores)) {
      InstructionSet set = InstructionSet.chosen();
      if (set == InstructionSet.NONE) {
        try (Product product = new Product()) {
          return new MachineSpeed(rate(workers, () -> product), 0, sums(workers));
        }
      }
      PeakLoops loops = new PeakLoops(set);
      return new MachineSpeed(
          rate(workers, () -> () -> loops.multiplyFloats(ROUNDS)),
          rate(workers, () -> () -> loops.multiplyBytes(ROUNDS)),
          reads(workers, loops));
    }
  }

  /// Runs the product until it is compiled, or for some seconds.
  public static void awaitCompiler() {
    try (Product product = new Product()) {
      long start = System.nanoTime();
      perSecond(product, 1); // loads the classes
      double first = perSecond(product, 1);
      double latest = first;
      while (latest < COMPILED * first && System.nanoTime() - start < LONGEST_WAIT) {
        latest = perSecond(product, MOMENT);
      }
    }
  }

  /// Some rows through a layer, by the thread that calls.
  private static final class Product implements LongSupplier, AutoCloseable {
    private final float[] weights = new float[WIDTH * WIDTH];
    private final float[] rows = new float[ROWS * WIDTH];
    private final Workers alone = new LocalWorkers(1);

    @Override
    public long getAsLong() {
      VectorKernels.multiplyTransposed(rows, weights, ROWS, WIDTH, WIDTH, alone);
      return (long) ROWS * WIDTH * WIDTH;
    }

    @Override
    public void close() {
      alone.close();
    }
  }

  /// Every worker reads memory of its own.
  private static double reads(Workers workers, PeakLoops loops) {
    long bytes = MEMORY / workers.count() / PIECE * PIECE;
    try (Arena arena = Arena.ofShared()) {
      return rate(
          workers,
          () -> {
            MemorySegment memory = arena.allocate(bytes + PIECE).fill((byte) 1);
            return () -> {
              for (long at = 0; at < bytes; at += PIECE) {
                loops.read(memory.address() + at, PIECE);
              }
              return bytes;
            };
          });
    }
  }

  /// The same without machine code.
  private static double sums(Workers workers) {
    long bytes = Math.min(MEMORY, Runtime.getRuntime().maxMemory() / 4);
    int slice = Math.toIntExact(bytes / workers.count() / Long.BYTES);
    return rate(
        workers,
        () -> {
          long[] memory = new long[slice];
          return () -> read(memory);
        });
  }

  /// All of the memory is zero, but the compiler does not know: it has to read.
  private static long read(long[] memory) {
    long sum = 0;
    for (long word : memory) {
      sum += word;
    }
    return memory.length * (long) Long.BYTES + sum;
  }

  /// Units of work a second, all workers together.
  private static double rate(Workers workers, Supplier<LongSupplier> work) {
    DoubleAdder sum = new DoubleAdder();
    workers.forEach(
        workers.count(),
        worker -> {
          LongSupplier own = work.get();
          double best = 0;
          for (int moment = 0; moment < MOMENTS; moment++) {
            best = Math.max(best, perSecond(own, MOMENT));
          }
          sum.add(best);
        });
    return sum.sum();
  }

  /// Units of work a second, in a moment of at least so long.
  private static double perSecond(LongSupplier work, long nanos) {
    long start = System.nanoTime();
    long done = 0;
    long elapsed;
    do {
      done += work.getAsLong();
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos);
    return done * 1e9 / elapsed;
  }
}
