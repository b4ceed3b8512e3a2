package halftone.speed;

import halftone.workers.Workers;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.LongSupplier;

/// Short whiles in which cores work side by side, each on its own.
final class Moments {
  static final long NANOS = 20_000_000L;

  private Moments() {}

  /// Units of work a second, all workers together, in the best of some moments.
  ///
  /// @param works one for each worker; gives the units it has done
  static double best(int moments, Workers workers, List<LongSupplier> works) {
    double best = 0;
    for (int moment = 0; moment < moments; moment++) {
      DoubleAdder sum = new DoubleAdder();
      workers.forEach(works.size(), worker -> sum.add(perSecond(works.get(worker), NANOS)));
      best = Math.max(best, sum.sum());
    }
    return best;
  }

  /// Units of work a second, in a moment of at least so long.
  static double perSecond(LongSupplier work, long nanos) {
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
