package halftone.workers;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// One [LocalWorkers#forEach]: pieces in shares of neighbouring ones, which threads take one by
/// one. When it is over it may be used again.
final class Job {
  /// Longs between numbers that several threads change: they do not share a line of the cache, nor
  /// do they with the array's length before and other objects behind.
  private static final int APART = 8;

  private static final IntConsumer NOTHING = i -> {};

  private final int count;
  private IntConsumer piece = NOTHING;
  private Thread caller = Thread.currentThread();

  private @Nullable Job before;

  /// How many pieces are not done; then, for each share, the first piece that nobody has taken, and
  /// behind it the end of those.
  private final AtomicLongArray left;

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean isCallerAsleep;

  /// @param count of threads, which have a share each
  Job(int count) {
    this.count = count;
    this.left = new AtomicLongArray((count + 3) * APART);
  }

  /// A thread may find pieces as soon as there are some, be it from looking at the last job.
  void begin(int n, IntConsumer work) {
    piece = work;
    caller = Thread.currentThread();
    failure.set(null);
    isCallerAsleep = false;
    left.set(APART, n);
    int shares = Math.min(n, count);
    for (int share = 0; share < shares; share++) {
      int from = (int) ((long) n * share / shares);
      int to = (int) ((long) n * (share + 1) / shares);
      left.set(at(share), range(from, to));
    }
  }

  /// Lets go of what its pieces hold.
  void end() {
    piece = NOTHING;
  }

  /// The job that was the newest one before this; null without one.
  @Nullable Job before() {
    return before;
  }

  void comesAfter(@Nullable Job older) {
    before = older;
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
    for (int share = 0; share < count; share++) {
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
      for (int step = 1; step <= count; step++) {
        int other = (share + step) % count;
        for (int i = last(other); i >= 0; i = last(other)) {
          done++;
          runOne(i);
        }
      }
    } finally {
      tell(done);
    }
  }

  /// Counted together: threads that all counted each piece would wait for each other.
  private void tell(int done) {
    if (done > 0 && left.addAndGet(APART, -done) == 0 && isCallerAsleep) {
      LockSupport.unpark(caller);
    }
  }

  /// Takes the first piece left of a share, or gives −1.
  private int first(int share) {
    long range = left.get(at(share));
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
      if (System.nanoTime() - start < LocalWorkers.PATIENCE_NANOS) {
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
