package halftone.app;

import halftone.recipe.Forecast;
import halftone.recipe.Request;
import java.io.IOException;
import java.time.Duration;

/// `quantize --dry-run`: what would be done, and what it would take.
record DryRun(Request request, Forecast forecast) {
  static DryRun of(Request request) throws IOException {
    return new DryRun(request, Forecast.of(request));
  }

  /// Whether some budget is smaller than every file the menus allow.
  boolean isInfeasible() {
    return forecast.budgets().stream().anyMatch(this::isTooSmall);
  }

  private boolean isTooSmall(long bytes) {
    return bytes > 0 && bytes < forecast.smallest();
  }

  String describe() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %d tensors to choose for, files from %,d to %,d bytes%n"
            .formatted(
                request.model(), forecast.tensors(), forecast.smallest(), forecast.largest()));
    for (int i = 0; i < request.targets().size(); i++) {
      long bytes = forecast.budgets().get(i);
      Request.Target target = request.targets().get(i);
      text.append(
          "  %-16s %s%s%n"
              .formatted(
                  target.budget().label(),
                  bytes == 0 ? "size found by measuring" : "at most %,d bytes".formatted(bytes),
                  " → " + target.output()));
      if (isTooSmall(bytes)) {
        text.append(
            "    too small: the smallest reachable file has %,d bytes%n"
                .formatted(forecast.smallest()));
      }
    }
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

  private static String clock(Duration duration) {
    return "%d min %02d s".formatted(duration.toMinutes(), duration.toSecondsPart());
  }
}
