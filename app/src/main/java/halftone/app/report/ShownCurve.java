package halftone.app.report;

import halftone.recipe.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// The part of the predicted curve that the page shows. It ends where a larger file would lose next
/// to nothing beside this one: on the way to unquantized weights the loss falls through many powers
/// of ten, and all files in the running would shrink to one spot.
///
/// @param points from the smallest file on
/// @param cut whether larger ones are left out
record ShownCurve(List<Outcome.CurvePoint> points, boolean cut) {
  /// A thirtieth of the smallest loss that was measured or promised.
  private static final double NEGLIGIBLE = 1.0 / 30;

  static ShownCurve of(Outcome outcome) {
    OptionalDouble least =
        DoubleStream.concat(
                DoubleStream.of(outcome.predictedKl()),
                outcome.candidates().stream().mapToDouble(Outcome.Candidate::kl))
            .filter(loss -> Double.isFinite(loss) && loss > 0)
            .min();
    long largest =
        Stream.concat(
                Stream.of(outcome.bytes()),
                outcome.candidates().stream().map(Outcome.Candidate::bytes))
            .max(Long::compare)
            .orElseThrow();
    double end = NEGLIGIBLE * least.orElse(0);
    List<Outcome.CurvePoint> points = new ArrayList<>();
    for (Outcome.CurvePoint point : outcome.curve()) {
      points.add(point);
      if (point.bytes() > largest && point.loss() <= end) {
        break;
      }
    }
    return new ShownCurve(points, points.size() < outcome.curve().size());
  }
}
