package halftone.workers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Workers on this machine: the calling thread and `count − 1` platform threads of its own, which
/// take pieces as they become free. A piece may itself call [#forEach]: the caller always works
/// too, so nothing waits for a free thread.
///
/// Each thread has a share of neighbouring pieces that it works through in order, as memory is read
/// fastest in long streams; who is done helps the others from the ends of theirs.
///
/// A thread without work looks for some for a while before it sleeps. To wake a thread takes as
/// long as a product of a small network, of which a token needs hundreds.
public final class LocalWorkers implements Workers {
  /// How long a thread looks for work before it sleeps.
  private static final long PATIENCE_NANOS = 50_000;

  /// Looks between two readings of the clock.
  private static final int LOOKS = 64;

  private final int count;
  private final AtomicReference<@Nullable Job> newest = new AtomicReference<>();
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
      int share = i;
      threads.add(factory.newThread(() -> work(share)));
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
    Job job = new Job(n, piece, count);
    offer(job);
    if (asleep.get() > 0) {
      threads.forEach(LockSupport::unpark);
    }
    job.run(0);
    forgetTaken();
    job.await();
  }

  private void offer(Job job) {
    do {
      job.before = newest.get();
    } while (!newest.compareAndSet(job.before, job));
  }

  /// The newest job that has pieces to take, as others may wait for what it works out; null without
  /// one.
  private @Nullable Job open() {
    Job job = newest.get();
    while (job != null && job.isTaken()) {
      job = job.before;
    }
    return job;
  }

  /// Lets go of the newest jobs, as long as nothing of them is left to take.
  private void forgetTaken() {
    for (Job job = newest.get(); job != null && job.isTaken(); job = newest.get()) {
      newest.compareAndSet(job, job.before);
    }
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
  private void work(int share) {
    while (!isClosed) {
      Job job = open();
      if (job != null) {
        job.run(share);
      } else if (!comesSoon()) {
        asleep.incrementAndGet();
        if (open() == null && !isClosed) {
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
        if (open() != null || isClosed) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - start < PATIENCE_NANOS);
    return false;
  }

  /// One `forEach`.
  private static final class Job {
    /// Longs between numbers that several threads change: they do not share a line of the cache,
    /// nor do they with the array's length before and other objects behind.
    private static final int APART = 8;

    private final IntConsumer piece;
    private final int shares;

    /// The job that was the newest one before this.
    private @Nullable Job before;

    /// How many pieces are not done; then, for each share, the first piece that nobody has taken,
    /// and behind it the end of those.
    private final AtomicLongArray left;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread caller = Thread.currentThread();
    private volatile boolean isCallerAsleep;

    Job(int n, IntConsumer piece, int count) {
      this.piece = piece;
      this.shares = Math.min(n, count);
      this.left = new AtomicLongArray((shares + 3) * APART);
      left.setPlain(APART, n);
      for (int share = 0; share < shares; share++) {
        int from = (int) ((long) n * share / shares);
        int to = (int) ((long) n * (share + 1) / shares);
        left.setPlain(at(share), range(from, to));
      }
    }

    private static int at(int share) {
      return (share + 2) * APART;
    }

    private static long range(int from, int to) {
      return (long) from << Integer.SIZE | to;
    }

    private static int from(long range) {
      return (int) (range >> Integer.SIZE);
    }

    private static int to(long range) {
      return (int) range;
    }

    /// Whether nothing is left to take.
    boolean isTaken() {
      for (int share = 0; share < shares; share++) {
        long range = left.get(at(share));
        if (from(range) < to(range)) {
          return false;
        }
      }
      return true;
    }

    /// Works through a share, then helps the others.
    void run(int share) {
      int done = 0;
      try {
        for (int own = first(share); own >= 0; own = first(share)) {
          done++;
          runOne(own);
        }
        for (int step = 1; step <= shares; step++) {
          int other = (share + step) % shares;
          for (int i = last(other); i >= 0; i = last(other)) {
            done++;
            runOne(i);
          }
        }
      } finally {
        count(done);
      }
    }

    /// Counted together: threads that all counted each piece would wait for each other.
    private void count(int done) {
      if (left.addAndGet(APART, -done) == 0 && isCallerAsleep) {
        LockSupport.unpark(caller);
      }
    }

    /// Takes the first piece left of a share, or gives −1, as where there are not so many shares.
    private int first(int share) {
      long range = share < shares ? left.get(at(share)) : 0;
      while (from(range) < to(range)) {
        long seen = left.compareAndExchange(at(share), range, range(from(range) + 1, to(range)));
        if (seen == range) {
          return from(range);
        }
        range = seen;
      }
      return -1;
    }

    /// Takes the last piece left of a share, or gives −1.
    private int last(int share) {
      long range = left.get(at(share));
      while (from(range) < to(range)) {
        long seen = left.compareAndExchange(at(share), range, range(from(range), to(range) - 1));
        if (seen == range) {
          return to(range) - 1;
        }
        range = seen;
      }
      return -1;
    }

    /// After a failure the remaining pieces are skipped.
    private void runOne(int i) {
      try {
        if (failure.get() == null) {
          piece.accept(i);
        }
      } catch (RuntimeException | Error thrown) {
        failure.compareAndSet(null, thrown);
      }
    }

    /// Waits even when interrupted, because pieces of the caller's are still running; the
    /// interruption is kept.
    void await() {
      long start = System.nanoTime();
      boolean interrupted = false;
      while (left.get(APART) > 0) {
        if (System.nanoTime() - start < PATIENCE_NANOS) {
          Thread.onSpinWait();
        } else {
          isCallerAsleep = true;
          if (left.get(APART) > 0) {
            LockSupport.park(this);
          }
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
