package halftone.workers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Workers on this machine: the calling thread and `count − 1` platform threads of its own, which
/// take pieces as they become free. A piece may itself call [#forEach]: the caller always works
/// too, so nothing waits for a free thread.
public final class LocalWorkers implements Workers {
  private final int count;
  private final ExecutorService threads;

  /// @param count threads that work at once, the caller among them; at least 1
  public LocalWorkers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("at least one worker is needed, not " + count);
    }
    this.count = count;
    ThreadFactory factory = Thread.ofPlatform().daemon().name("halftone-worker-", 1).factory();
    this.threads = Executors.newFixedThreadPool(Math.max(1, count - 1), factory);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forEach(int n, IntConsumer piece) {
    Job job = new Job(n, piece);
    for (int i = 1; i < Math.min(count, n); i++) {
      threads.execute(job);
    }
    job.run();
    job.await();
  }

  @Override
  public <T, R> List<R> map(List<T> inputs, Function<T, R> task) {
    List<@Nullable R> results = new ArrayList<>(Collections.nCopies(inputs.size(), null));
    forEach(inputs.size(), i -> results.set(i, task.apply(inputs.get(i))));
    @SuppressWarnings("NullAway") // every place has been set: forEach returned
    List<R> filled = Collections.unmodifiableList(results);
    return filled;
  }

  /// Lets running pieces end; the workers take no more.
  @Override
  public void close() {
    threads.close();
  }

  /// One `forEach`: whoever runs it takes the next piece until none is left.
  private static final class Job implements Runnable {
    private final int n;
    private final IntConsumer piece;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch unfinished;

    Job(int n, IntConsumer piece) {
      this.n = n;
      this.piece = piece;
      this.unfinished = new CountDownLatch(n);
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < n; i = next.getAndIncrement()) {
        runOne(i);
      }
    }

    /// After a failure the remaining pieces are skipped, but still counted.
    private void runOne(int i) {
      try {
        if (failure.get() == null) {
          piece.accept(i);
        }
      } catch (RuntimeException | Error thrown) {
        failure.compareAndSet(null, thrown);
      } finally {
        unfinished.countDown();
      }
    }

    /// Waits even when interrupted, because pieces of the caller's are still running; the
    /// interruption is kept.
    void await() {
      boolean interrupted = false;
      while (true) {
        try {
          unfinished.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      rethrow(failure.get());
    }

    private static void rethrow(@Nullable Throwable thrown) {
      switch (thrown) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError("a piece threw a checked exception", thrown);
      }
    }
  }
}
