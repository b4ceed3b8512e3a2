package halftone.torch.training;

import java.util.Locale;

/// A picture of a training's loss: training as a line, held-out as dots, as an SVG document that
/// reads on white and on black.
final class LossCurve {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 320;
  private static final int LEFT = 50;
  private static final int BOTTOM = 280;
  private static final int TOP = 15;
  private static final int RIGHT = 705;

  /// Points of the line, at most; each is a mean of steps.
  private static final int POINTS = 200;

  private final LossHistory history;
  private final double lowest;
  private final double highest;

  private LossCurve(LossHistory history) {
    this.history = history;
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (float loss : history.training()) {
      low = Math.min(low, loss);
      high = Math.max(high, loss);
    }
    lowest = Math.floor(low);
    highest = Math.max(lowest + 1, Math.ceil(high));
  }

  static String svg(LossHistory history) {
    return new LossCurve(history).svg();
  }

  private String svg() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="#777">
        <title>Loss in nats a token by step: line training, dots held-out text</title>
        """
            .formatted(WIDTH, HEIGHT));
    for (int loss = (int) lowest; loss <= highest; loss++) {
      out.append(
          line(
              "<path d=\"M%d %.1fH%d\" stroke=\"#777\" stroke-opacity=\".3\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>",
              LEFT, y(loss), RIGHT, LEFT - 8, y(loss) + 4, loss));
    }
    for (int quarter = 0; quarter <= 4; quarter++) {
      int step = history.steps() * quarter / 4;
      out.append(
          line(
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
              x(step), BOTTOM + 20, step));
    }
    out.append(
        line("<path fill=\"none\" stroke=\"#2a7fbf\" stroke-width=\"1.5\" d=\"%s\"/>", path()));
    for (LossHistory.Point point : history.heldOut()) {
      out.append(
          line(
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#d9541e\"/>",
              x(point.step()), y(point.loss())));
    }
    return out.append("</svg>\n").toString();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    int points = Math.min(POINTS, history.steps());
    for (int i = 0; i < points; i++) {
      int from = (int) ((long) history.steps() * i / points);
      int to = (int) ((long) history.steps() * (i + 1) / points);
      path.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %.1f",
              i == 0 ? "M" : "L",
              x((from + to) / 2.0),
              y(history.mean(from, to))));
    }
    return path.toString();
  }

  private double x(double step) {
    return LEFT + (RIGHT - LEFT) * step / history.steps();
  }

  private double y(double loss) {
    return BOTTOM - (BOTTOM - TOP) * (loss - lowest) / (highest - lowest);
  }
}
