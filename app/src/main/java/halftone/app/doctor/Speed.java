package halftone.app.doctor;

import halftone.kernel.VectorKernels;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What some cores, working at the same time, do in a second. The best of a few moments counts:
/// others may use the machine too.
///
/// @param multiplyAdds of our matrix product, its operands in the cache
/// @param bytes read from memory
record Speed(double multiplyAdds, double bytes) {
  private static final int MOMENTS = 5;
  private static final long MOMENT = 20_000_000L;

  private static final int WIDTH = 256;
  private static final int ROWS = 32;

  /// Beyond the usual caches.
  private static final long MEMORY = 128L << 20;

  /// So much faster is the product when the optimizing compiler has done its work; where it does
  /// not, the wait ends.
  private static final double COMPILED = 20;

  private static final long LONGEST_WAIT = 3_000_000_000L;

  /// To be called after [#awaitCompiler].
  ///
  /// @param cores that work at the same time
  static Speed measure(int cores) {
    try (Workers workers = new LocalWorkers(cores);
        Product product = new Product()) {
      return new Speed(rate(workers, () -> product), reads(workers));
    }
  }

  /// Runs the product until it is compiled, or for some seconds.
  static void awaitCompiler() {
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

  /// Every worker reads a slice of its own.
  private static double reads(Workers workers) {
    long bytes = Math.min(MEMORY, Runtime.getRuntime().maxMemory() / 4);
    int slice = Math.toIntExact(bytes / workers.count() / Long.BYTES);
    long[] memory = new long[slice * workers.count()];
    AtomicInteger next = new AtomicInteger();
    return rate(
        workers,
        () -> {
          int from = next.getAndIncrement() * slice;
          return () -> read(memory, from, from + slice);
        });
  }

  /// All of the memory is zero, but the compiler does not know: it has to read.
  private static long read(long[] memory, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += memory[i];
    }
    return (to - from) * (long) Long.BYTES + sum;
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
