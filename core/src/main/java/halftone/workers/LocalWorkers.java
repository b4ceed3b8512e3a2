package halftone.workers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Workers on this machine: the calling thread and `count − 1` platform threads of its own, which
/// take pieces as they become free. A piece may itself call [#forEach]: the caller always works
/// too, so nothing waits for a free thread.
///
/// A thread without work looks for some for a while before it sleeps. To wake a thread takes as
/// long as a product of a small network, of which a token needs hundreds.
public final class LocalWorkers implements Workers {
  /// How long a thread looks for work before it sleeps.
  private static final long PATIENCE_NANOS = 50_000;

  /// Looks between two readings of the clock.
  private static final int LOOKS = 64;

  private final int count;
  private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger asleep = new AtomicInteger();
  private volatile boolean isClosed;

  /// @param count threads that work at once, the caller among them; at least 1
  public LocalWorkers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("at least one worker is needed, not " + count);
    }
    this.count = count;
    ThreadFactory factory = Thread.ofPlatform().daemon().name("halftone-worker-", 1).factory();
    for (int i = 1; i < count; i++) {
      threads.add(factory.newThread(this::work));
    }
    threads.forEach(Thread::start);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forEach(int n, IntConsumer piece) {
    if (isClosed) {
      throw new IllegalStateException("these workers were closed");
    }
    if (count == 1 || n <= 1) {
      for (int i = 0; i < n; i++) {
        piece.accept(i);
      }
      return;
    }
    Job job = new Job(n, piece);
    jobs.add(job);
    if (asleep.get() > 0) {
      threads.forEach(LockSupport::unpark);
    }
    job.run();
    jobs.remove(job);
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
    isClosed = true;
    threads.forEach(LockSupport::unpark);
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive() && thread != Thread.currentThread()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// A thread of its own: runs what there is, looks for more, sleeps.
  private void work() {
    while (!isClosed) {
      Job job = jobs.peek();
      if (job != null) {
        job.run();
        jobs.remove(job);
      } else if (!comesSoon()) {
        asleep.incrementAndGet();
        if (jobs.isEmpty() && !isClosed) {
          LockSupport.park(this);
        }
        asleep.decrementAndGet();
      }
    }
  }

  private boolean comesSoon() {
    long start = System.nanoTime();
    do {
      for (int look = 0; look < LOOKS; look++) {
        if (!jobs.isEmpty() || isClosed) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - start < PATIENCE_NANOS);
    return false;
  }

  /// One `forEach`: whoever runs it takes the next piece until none is left.
  private static final class Job {
    private final int n;
    private final IntConsumer piece;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger unfinished;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread caller = Thread.currentThread();

    Job(int n, IntConsumer piece) {
      this.n = n;
      this.piece = piece;
      this.unfinished = new AtomicInteger(n);
    }

    void run() {
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
        if (unfinished.decrementAndGet() == 0 && Thread.currentThread() != caller) {
          LockSupport.unpark(caller);
        }
      }
    }

    /// Waits even when interrupted, because pieces of the caller's are still running; the
    /// interruption is kept.
    void await() {
      long start = System.nanoTime();
      boolean interrupted = false;
      while (unfinished.get() > 0) {
        if (System.nanoTime() - start < PATIENCE_NANOS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
          interrupted |= Thread.interrupted();
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
