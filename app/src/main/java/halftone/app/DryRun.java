package halftone.app;

import halftone.app.report.MemoryWords;
import halftone.recipe.Forecast;
import halftone.recipe.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/// `quantize --dry-run`: what would be done, and what it would take.
record DryRun(Request request, Forecast forecast) {
  static DryRun of(Request request) throws IOException {
    return new DryRun(request, Forecast.of(request));
  }

  /// Whether some budget is smaller than every file the menus allow.
  boolean isInfeasible() {
    return forecast.budgets().stream().anyMatch(this::isTooSmall);
  }

  private boolean isTooSmall(OptionalLong bytes) {
    return bytes.orElse(Long.MAX_VALUE) < forecast.smallest();
  }

  String describe() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %d tensors to choose for, files from %,d to %,d bytes%n"
            .formatted(
                request.model(), forecast.tensors(), forecast.smallest(), forecast.largest()));
    for (int i = 0; i < request.targets().size(); i++) {
      text.append(target(i));
    }
    forecast.rulings().forEach(line -> text.append("  %s%n".formatted(line)));
    text.append("at most, with nothing in the store yet:%n".formatted());
    Duration total = Duration.ZERO;
    for (var step : forecast.steps().entrySet()) {
      total = total.plus(step.getValue());
      text.append("  %-24s %s%n".formatted(step.getKey(), clock(step.getValue())));
    }
    return text.append("  %-24s %s%n".formatted("together", clock(total)))
        .append("  %-24s %,d MB%n".formatted("peak memory", forecast.peakBytes() / 1_000_000))
        .toString();
  }

  private String target(int index) {
    OptionalLong allowed = forecast.budgets().get(index);
    Request.Target target = request.targets().get(index);
    boolean tooSmall = isTooSmall(allowed);
    long bytes = tooSmall ? forecast.smallest() : allowed.orElse(0);
    String size =
        tooSmall
            ? "too small: the smallest reachable file has %,d bytes".formatted(bytes)
            : allowed.isEmpty() ? "size found by measuring" : "at most %,d bytes".formatted(bytes);
    return "  %-16s %s → %s%n".formatted(target.budget().label(), size, target.output())
        + forecast
            .memory()
            .get(index)
            .map(memory -> "    %s%n".formatted(MemoryWords.of(memory, bytes)))
            .orElse("");
  }

  private static String clock(Duration duration) {
    return "%d min %02d s".formatted(duration.toMinutes(), duration.toSecondsPart());
  }
}
