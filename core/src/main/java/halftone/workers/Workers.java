package halftone.workers;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;

/// Where independent pieces of work run. Which worker takes which piece is free, so a piece writes
/// only to places of its own and results never depend on the number of workers.
public interface Workers extends AutoCloseable {
  int count();

  /// Runs `piece` for 0 … n − 1 and returns when all are done; the first exception thrown is
  /// rethrown here.
  void forEach(int n, IntConsumer piece);

  /// Applies `task` to every input; results in input order.
  <T, R> List<R> map(List<T> inputs, Function<T, R> task);

  @Override
  void close();
}
