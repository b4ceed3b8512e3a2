package halftone.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// Feeds damaged inputs to readers, case after case; a case is known by the seed and its number.
///
/// A reader may read the input or refuse it, with one of its target's exceptions and a message that
/// names the file. Anything else is a finding: another exception, an error, more memory or time
/// than an input of its size can ask for.
public final class Fuzzer {
  /// Bytes a reader may allocate in any case, and for each byte of input.
  private static final long ALLOCATION = 48L << 20;

  private static final long ALLOCATION_A_BYTE = 2000;
  private static final long MOST_NANOSECONDS = 5_000_000_000L;

  private final List<FuzzTarget> targets;
  private final long seed;
  private final int shares;
  private final AtomicLongArray accepted;
  private final AtomicLongArray refused;
  private final AtomicLong started = new AtomicLong();
  private final AtomicLong current = new AtomicLong(-1);
  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  public Fuzzer(List<FuzzTarget> targets, long seed) {
    this.targets = List.copyOf(targets);
    this.seed = seed;
    this.shares = targets.stream().mapToInt(FuzzTarget::share).sum();
    this.accepted = new AtomicLongArray(targets.size());
    this.refused = new AtomicLongArray(targets.size());
  }

  /// Runs one case.
  public Optional<Finding> run(long number) {
    SplittableRandom random = random(number);
    int target = choose(random);
    byte[] input = new Mutations(random).damage(targets.get(target).seeds());
    started.set(System.nanoTime());
    current.set(number);
    long bytes = thread.getCurrentThreadAllocatedBytes();
    long time = thread.getCurrentThreadCpuTime();
    Throwable thrown = null;
    try {
      targets.get(target).reader().read(input.clone());
    } catch (Throwable failure) {
      thrown = failure;
    }
    current.set(-1);
    bytes = thread.getCurrentThreadAllocatedBytes() - bytes;
    time = thread.getCurrentThreadCpuTime() - time;
    (thrown == null ? accepted : refused).incrementAndGet(target);
    String wrong = judge(targets.get(target), thrown, bytes, time, input.length);
    return wrong == null
        ? Optional.empty()
        : Optional.of(new Finding(targets.get(target), seed, number, input, wrong, thrown));
  }

  /// The case that is running for longer than any may, as seen from another thread.
  public Optional<Finding> hanging() {
    long number = current.get();
    if (number < 0 || System.nanoTime() - started.get() < 10 * MOST_NANOSECONDS) {
      return Optional.empty();
    }
    SplittableRandom random = random(number);
    FuzzTarget target = targets.get(choose(random));
    byte[] input = new Mutations(random).damage(target.seeds());
    return Optional.of(new Finding(target, seed, number, input, "does not end", null));
  }

  private SplittableRandom random(long number) {
    return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ number * 0x9E37_79B9_7F4AL);
  }

  private int choose(SplittableRandom random) {
    int left = random.nextInt(shares);
    int target = 0;
    while (left >= targets.get(target).share()) {
      left -= targets.get(target++).share();
    }
    return target;
  }

  private static @Nullable String judge(
      FuzzTarget target, @Nullable Throwable thrown, long bytes, long time, int length) {
    if (thrown != null && !isRefusal(target, thrown)) {
      return thrown.toString();
    }
    String message = thrown == null ? FuzzTarget.FILE : thrown.getMessage();
    if (message == null || !message.contains(FuzzTarget.FILE)) {
      return "the message does not name the file: " + thrown;
    }
    if (bytes > ALLOCATION + ALLOCATION_A_BYTE * length) {
      return "allocates %,d bytes".formatted(bytes);
    }
    return time > MOST_NANOSECONDS ? "takes %,d ms".formatted(time / 1_000_000) : null;
  }

  /// Thrown by one of our rooms, or by the file system.
  private static boolean isRefusal(FuzzTarget target, Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    boolean ours = trace.length > 0 && trace[0].getClassName().startsWith("halftone.");
    return (ours || thrown instanceof java.io.IOException)
        && target.refusals().stream().anyMatch(type -> type.isInstance(thrown));
  }

  /// Inputs of a target that were read in spite of the damage.
  public long accepted(FuzzTarget target) {
    return accepted.get(targets.indexOf(target));
  }

  /// Inputs of a target that were refused, findings included.
  public long refused(FuzzTarget target) {
    return refused.get(targets.indexOf(target));
  }
}
