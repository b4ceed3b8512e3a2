package halftone.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs the fuzzer for as long as asked, or one case again:
///
/// ```
/// mvn -q -Pfuzz -pl core test -Dfuzz="--minutes 10 --seed 7"
/// mvn -q -Pfuzz -pl core test -Dfuzz="--cases 1000000"
/// mvn -q -Pfuzz -pl core test -Dfuzz="--seed 7 --case 12345"
/// ```
///
/// Inputs that a reader did not survive go to `fuzz-findings` in the current folder, each with the
/// seed and case that make it again; the exit code is then 1.
public final class FuzzCommand {
  private static final int PROGRESS_SECONDS = 10;
  private static final int MOST_FINDINGS = 100;

  private final List<FuzzTarget> targets;
  private final Fuzzer fuzzer;
  private final Path findings;
  private final AtomicInteger found = new AtomicInteger();

  private FuzzCommand(List<FuzzTarget> targets, long seed, Path findings) {
    this.targets = targets;
    this.fuzzer = new Fuzzer(targets, seed);
    this.findings = findings;
  }

  public static void main(String[] arguments) throws IOException {
    FuzzArguments asked = FuzzArguments.parse(arguments);
    Path folder = Files.createTempDirectory("fuzz");
    FuzzCommand command =
        new FuzzCommand(FuzzTargets.in(folder), asked.seed(), Path.of("fuzz-findings"));
    int exit = asked.single().isPresent() ? command.again(asked) : command.run(asked);
    Runtime.getRuntime().halt(exit);
  }

  private int again(FuzzArguments asked) throws IOException {
    Optional<Finding> finding = fuzzer.run(asked.single().orElseThrow());
    if (finding.isEmpty()) {
      System.out.println("survived");
      return 0;
    }
    report(finding.get());
    return 1;
  }

  private int run(FuzzArguments asked) throws IOException {
    Thread watchdog = Thread.ofPlatform().daemon().start(this::watch);
    long start = System.nanoTime();
    long told = start;
    long number = 0;
    while (number < asked.cases() && System.nanoTime() - start < asked.nanoseconds()) {
      Optional<Finding> finding = fuzzer.run(number++);
      if (finding.isPresent()) {
        report(finding.get());
        if (found.get() >= MOST_FINDINGS) {
          break;
        }
      }
      if (System.nanoTime() - told > TimeUnit.SECONDS.toNanos(PROGRESS_SECONDS)) {
        told = System.nanoTime();
        tell(asked.seed(), number, told - start);
      }
    }
    watchdog.interrupt();
    tell(asked.seed(), number, System.nanoTime() - start);
    for (FuzzTarget target : targets) {
      System.out.printf(
          "  %-22s %,9d read, %,9d refused%n",
          target.name(), fuzzer.accepted(target), fuzzer.refused(target));
    }
    return found.get() == 0 ? 0 : 1;
  }

  private void tell(long seed, long number, long nanoseconds) {
    System.out.printf(
        "seed %d: %,d cases in %,d s, %d findings%n",
        seed, number, TimeUnit.NANOSECONDS.toSeconds(nanoseconds), found.get());
  }

  private void report(Finding finding) throws IOException {
    found.incrementAndGet();
    System.out.println(finding + "; saved as " + finding.save(findings));
  }

  /// A reader that does not return cannot be stopped: its input is saved, and the process ends.
  private void watch() {
    try {
      while (true) {
        Thread.sleep(TimeUnit.SECONDS.toMillis(1));
        Optional<Finding> hanging = fuzzer.hanging();
        if (hanging.isPresent()) {
          report(hanging.get());
          Runtime.getRuntime().halt(1);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (IOException disk) {
      System.err.println("the finding cannot be saved: " + disk);
      Runtime.getRuntime().halt(1);
    }
  }
}
