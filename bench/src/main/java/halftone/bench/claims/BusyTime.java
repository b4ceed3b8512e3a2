package halftone.bench.claims;

import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntConsumer;

/// Workers that note how long each run took and how long they were busy in it.
final class BusyTime implements Workers {
  private final Workers workers;
  private final boolean isInParts;
  private final List<Double> overIdeal = new ArrayList<>();

  /// @param isInParts whether all pieces are handed out at once, the same number to each
  BusyTime(Workers workers, boolean isInParts) {
    this.workers = workers;
    this.isInParts = isInParts;
  }

  /// The median of a run's time over the time that it were if all workers were busy in it.
  double medianOverIdeal() {
    return overIdeal.stream().sorted().toList().get(overIdeal.size() / 2);
  }

  @Override
  public int count() {
    return workers.count();
  }

  @Override
  public void forEach(int n, IntConsumer piece) {
    LongAdder busy = new LongAdder();
    int parts = isInParts ? count() : n;
    long start = System.nanoTime();
    workers.forEach(
        parts,
        part -> {
          long begin = System.nanoTime();
          for (int i = (int) ((long) part * n / parts); i < (part + 1L) * n / parts; i++) {
            piece.accept(i);
          }
          busy.add(System.nanoTime() - begin);
        });
    overIdeal.add((double) (System.nanoTime() - start) * count() / busy.sum());
  }

  @Override
  public <T, R> List<R> map(List<T> inputs, Function<T, R> task) {
    return workers.map(inputs, task);
  }

  @Override
  public void close() {
    workers.close();
  }
}
