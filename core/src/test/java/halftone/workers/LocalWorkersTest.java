package halftone.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalWorkersTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void runsEveryPieceOnce(int count) {
    try (Workers workers = new LocalWorkers(count)) {
      for (int n : new int[] {0, 1, 2, 1000}) {
        AtomicIntegerArray runs = new AtomicIntegerArray(n);
        workers.forEach(n, runs::incrementAndGet);
        assertThat(IntStream.range(0, n).allMatch(i -> runs.get(i) == 1)).isTrue();
      }
    }
  }

  @Test
  void mapsInOrder() {
    try (Workers workers = new LocalWorkers(3)) {
      List<Integer> inputs = IntStream.range(0, 100).boxed().toList();
      assertThat(workers.map(inputs, i -> i * i))
          .isEqualTo(inputs.stream().map(i -> i * i).toList());
    }
  }

  @Test
  void worksOnSeveralThreadsAtOnce() {
    CyclicBarrier allMeet = new CyclicBarrier(3);
    try (Workers workers = new LocalWorkers(3)) {
      workers.forEach(3, i -> meet(allMeet));
    }
    assertThat(allMeet.isBroken()).isFalse();
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void piecesMayUseTheWorkersThemselves() {
    AtomicInteger sum = new AtomicInteger();
    try (Workers workers = new LocalWorkers(2)) {
      workers.forEach(8, i -> workers.forEach(8, sum::addAndGet));
    }
    assertThat(sum).hasValue(8 * 28);
  }

  /// What one thread's work is over with may be used for another's.
  @Test
  void severalThreadsMayCallAtOnce() throws InterruptedException {
    int callers = 4;
    int rounds = 3_000;
    AtomicIntegerArray wrong = new AtomicIntegerArray(callers);
    try (Workers workers = new LocalWorkers(3)) {
      List<Thread> threads =
          IntStream.range(0, callers)
              .mapToObj(c -> Thread.ofPlatform().start(() -> call(workers, rounds, c, wrong)))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(IntStream.range(0, callers).map(wrong::get)).containsOnly(0);
  }

  private static void call(Workers workers, int rounds, int caller, AtomicIntegerArray wrong) {
    for (int round = 0; round < rounds; round++) {
      int n = (round + caller) % 11;
      boolean isNested = round % 7 == caller;
      AtomicIntegerArray runs = new AtomicIntegerArray(n);
      workers.forEach(
          n,
          i -> {
            if (isNested) {
              workers.forEach(5, k -> runs.incrementAndGet(i));
            } else {
              runs.addAndGet(i, 5);
            }
          });
      for (int i = 0; i < n; i++) {
        if (runs.get(i) != 5) {
          wrong.incrementAndGet(caller);
        }
      }
    }
  }

  @Test
  void takesNoNewMemoryForTheNextWork() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    IntConsumer nothing = i -> {};
    int rounds = 1_000;
    long least = Long.MAX_VALUE;
    try (Workers workers = new LocalWorkers(2)) {
      for (int attempt = 0; attempt < 50 && least > rounds; attempt++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int round = 0; round < rounds; round++) {
          workers.forEach(8, nothing);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertThat(least).isLessThanOrEqualTo(rounds);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void rethrowsWhatAPieceThrewAndWorksOn(int count) {
    try (Workers workers = new LocalWorkers(count)) {
      assertThatThrownBy(() -> workers.forEach(100, LocalWorkersTest::failAtSeven))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("piece 7");
      assertThat(workers.map(List.of(1, 2), i -> i + 1)).containsExactly(2, 3);
    }
  }

  private static void failAtSeven(int piece) {
    if (piece == 7) {
      throw new IllegalArgumentException("piece 7");
    }
  }

  /// Between two pieces of work threads fall asleep or are about to: none may miss the second.
  @Test
  void sleepersWakeForWork() throws InterruptedException {
    CyclicBarrier allMeet = new CyclicBarrier(3);
    try (Workers workers = new LocalWorkers(3)) {
      for (int round = 0; round < 300; round++) {
        Thread.sleep(0, 1_000 * (round % 200));
        workers.forEach(3, i -> meet(allMeet));
      }
    }
    assertThat(allMeet.isBroken()).isFalse();
  }

  /// Threads without a share of their own help, and are there for the next.
  @Test
  void fewPiecesLeaveNoThreadBehind() {
    CyclicBarrier allMeet = new CyclicBarrier(4);
    try (Workers workers = new LocalWorkers(4)) {
      for (int round = 0; round < 200; round++) {
        workers.forEach(2, i -> {});
        workers.forEach(4, i -> meet(allMeet));
      }
    }
    assertThat(allMeet.isBroken()).isFalse();
  }

  @Test
  void closedWorkersTakeNothingMore() {
    Workers workers = new LocalWorkers(2);
    workers.close();
    assertThatThrownBy(() -> workers.forEach(4, i -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void needsAtLeastOneWorker() {
    assertThatThrownBy(() -> new LocalWorkers(0)).hasMessageContaining("at least one");
  }
}
