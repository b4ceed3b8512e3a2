package halftone.workers;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;

/// Workers that ask before every piece whether to go on: all heavy work is done in pieces, so it
/// stops within one.
///
/// @param workers closed with these
public record CancellableWorkers(Workers workers, Cancellation cancellation) implements Workers {
  @Override
  public int count() {
    return workers.count();
  }

  /// @throws CancelledException when some pieces were not begun
  @Override
  public void forEach(int n, IntConsumer piece) {
    workers.forEach(
        n,
        i -> {
          cancellation.check();
          piece.accept(i);
        });
  }

  /// @throws CancelledException when some inputs were not begun
  @Override
  public <T, R> List<R> map(List<T> inputs, Function<T, R> task) {
    return workers.map(
        inputs,
        input -> {
          cancellation.check();
          return task.apply(input);
        });
  }

  @Override
  public void close() {
    workers.close();
  }
}
