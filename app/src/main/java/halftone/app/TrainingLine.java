package halftone.app;

import halftone.torch.training.TrainingProgress;
import java.util.Locale;

/// Shows a training: on a terminal one line that moves, elsewhere a line now and then.
final class TrainingLine implements TrainingProgress, AutoCloseable {
  private static final long OFTEN = 100_000_000L;
  private static final long SELDOM = 30_000_000_000L;

  private final Console console;
  private long shown = System.nanoTime();
  private boolean moving;

  TrainingLine(Console console) {
    this.console = console;
  }

  @Override
  public void step(Step step) {
    long now = System.nanoTime();
    boolean last = step.number() == step.of();
    if (!last && now - shown < (console.terminal() ? OFTEN : SELDOM)) {
      return;
    }
    shown = now;
    String line =
        String.format(
            Locale.ROOT,
            "step %d of %d  loss %.3f  %,.0f tokens/s  %s left",
            step.number(),
            step.of(),
            step.loss(),
            step.tokensPerSecond(),
            clock(step.secondsLeft()));
    if (console.terminal()) {
      console.err().print("\r\033[K" + line);
      console.err().flush();
      moving = true;
    } else {
      console.err().println(line);
    }
  }

  private static String clock(double seconds) {
    return String.format(Locale.ROOT, "%d:%02d", (long) seconds / 60, (long) seconds % 60);
  }

  @Override
  public void note(String line) {
    close();
    console.err().println(line);
  }

  /// Ends the moving line.
  @Override
  public void close() {
    if (moving) {
      console.err().println();
      moving = false;
    }
  }
}
