package halftone.app;

import halftone.recipe.Progress;
import java.io.PrintStream;
import java.time.Duration;

/// One line for each step. On a terminal the line moves and shows the time left; elsewhere it is
/// printed once, when the step is done.
final class ProgressBar implements Progress, AutoCloseable {
  private static final int WIDTH = 24;

  private final PrintStream out;
  private final boolean terminal;
  private String name = "";
  private int units;
  private int finished;
  private long started;
  private long shown;

  ProgressBar(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void step(String next, int nextUnits) {
    close();
    name = next;
    units = Math.max(1, nextUnits);
    finished = 0;
    started = System.nanoTime();
    show();
  }

  @Override
  public void done(int more) {
    finished = Math.min(units, finished + more);
    if (System.nanoTime() - shown > 100_000_000L) {
      show();
    }
  }

  @Override
  public void note(String line) {
    out.printf("%s%s%n", terminal ? "\r\033[K" : "", line);
  }

  /// Ends the current step's line.
  @Override
  public void close() {
    if (name.isEmpty()) {
      return;
    }
    out.printf(
        "%s%-34s %s%n", terminal ? "\r\033[K" : "", name, clock(System.nanoTime() - started));
    name = "";
  }

  private void show() {
    shown = System.nanoTime();
    if (!terminal) {
      return;
    }
    int filled = WIDTH * finished / units;
    long elapsed = shown - started;
    String left = finished == 0 ? "" : clock(elapsed * (units - finished) / finished) + " left";
    out.printf(
        "\r\033[K%-34s [%s%s] %3d %% %s",
        name, "=".repeat(filled), " ".repeat(WIDTH - filled), 100 * finished / units, left);
    out.flush();
  }

  private static String clock(long nanos) {
    Duration duration = Duration.ofNanos(nanos);
    return duration.toMinutes() > 0
        ? "%d min %02d s".formatted(duration.toMinutes(), duration.toSecondsPart())
        : "%.1f s".formatted(nanos / 1e9);
  }
}
