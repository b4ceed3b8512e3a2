package halftone.speed;

import halftone.kernel.VectorKernels;
import halftone.machine.InstructionSet;
import halftone.machine.PeakLoops;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/// What some cores, working at the same time, do in a second at most. The best of a few moments
/// counts: others may use the machine too.
///
/// @param floats products of float32 added up: the CPU's limit where machine code tells it, else
///   those of our matrix product with its operands in the cache
/// @param integers products of bytes added up; 0 where no instruction for them is used
/// @param bytes read from memory
public record MachineSpeed(double floats, double integers, double bytes) {
  private static final int MOMENTS = 5;

  private static final int WIDTH = 256;
  private static final int ROWS = 32;

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
    InstructionSet set = InstructionSet.chosen();
    try (Workers workers = new LocalWorkers(cores);
        MemoryReads reads = new MemoryReads(cores)) {
      double bytes = reads.perSecond(MOMENTS);
      if (set == InstructionSet.NONE) {
        return new MachineSpeed(products(workers), 0, bytes);
      }
      PeakLoops loops = new PeakLoops(set);
      return new MachineSpeed(
          best(workers, () -> loops.multiplyFloats(ROUNDS)),
          best(workers, () -> loops.multiplyBytes(ROUNDS)),
          bytes);
    }
  }

  /// The same limits with another speed of memory.
  public MachineSpeed withBytes(double perSecond) {
    return new MachineSpeed(floats, integers, perSecond);
  }

  private static double best(Workers workers, LongSupplier work) {
    return Moments.best(MOMENTS, workers, Collections.nCopies(workers.count(), work));
  }

  private static double products(Workers workers) {
    List<Product> products = new ArrayList<>();
    for (int core = 0; core < workers.count(); core++) {
      products.add(new Product());
    }
    double best = Moments.best(MOMENTS, workers, List.copyOf(products));
    products.forEach(Product::close);
    return best;
  }

  /// Runs the product until it is compiled, or for some seconds.
  public static void awaitCompiler() {
    try (Product product = new Product()) {
      long start = System.nanoTime();
      Moments.perSecond(product, 1); // loads the classes
      double first = Moments.perSecond(product, 1);
      double latest = first;
      while (latest < COMPILED * first && System.nanoTime() - start < LONGEST_WAIT) {
        latest = Moments.perSecond(product, Moments.NANOS);
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
}
