package halftone.workers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
/// Each thread has a share of neighbouring pieces that it works through in order, as memory is read
/// fastest in long streams; who is done helps the others from the ends of theirs.
///
/// A thread without work looks for some for a while before it sleeps. To wake a thread takes as
/// long as a product of a small network, of which a token needs hundreds.
public final class LocalWorkers implements Workers {
  /// How long a thread looks for work before it sleeps.
  static final long PATIENCE_NANOS = 50_000;

  /// Looks between two readings of the clock.
  private static final int LOOKS = 64;

  private final int count;
  private final AtomicReference<@Nullable Job> newest = new AtomicReference<>();

  /// A job that is over, to be used again, as a token needs hundreds; only one that was alone from
  /// beginning to end, so that no thread takes what it knew of the old one's place for the new
  /// one's.
  private final AtomicReference<@Nullable Job> used = new AtomicReference<>();

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
    Job spare = used.getAndSet(null);
    Job job = spare == null ? new Job(count) : spare;
    job.begin(n, piece);
    offer(job);
    if (asleep.get() > 0) {
      threads.forEach(LockSupport::unpark);
    }
    job.run(0);
    boolean isGone = job.before() == null && newest.compareAndSet(job, null);
    if (!isGone) {
      forgetTaken();
    }
    try {
      job.await();
    } finally {
      if (isGone) {
        job.end();
        used.set(job);
      }
    }
  }

  private void offer(Job job) {
    do {
      job.comesAfter(newest.get());
    } while (!newest.compareAndSet(job.before(), job));
  }

  /// The newest job that has pieces to take, as others may wait for what it works out; null without
  /// one.
  private @Nullable Job open() {
    Job job = newest.get();
    while (job != null && job.isTaken()) {
      job = job.before();
    }
    return job;
  }

  /// Lets go of the newest jobs, as long as nothing of them is left to take.
  private void forgetTaken() {
    for (Job job = newest.get(); job != null && job.isTaken(); job = newest.get()) {
      newest.compareAndSet(job, job.before());
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
}
