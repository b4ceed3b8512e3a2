package halftone.recipe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What one part of a contestant is worth: two standings that differ by it alone.
///
/// @param part as it stands in the contestant's name: `+swaps`, `+gptq`, `+smoothquant:alpha=0.35`
/// @param without the contestant without it
/// @param loss mean divergence with the part over that without
/// @param time what the part took
public record Ablation(String part, String without, Budget budget, double loss, Duration time) {
  /// All pairs of one leaderboard.
  public static List<Ablation> of(Leaderboard board) {
    List<Ablation> parts = new ArrayList<>();
    for (Leaderboard.Standing with : board.standings()) {
      for (Leaderboard.Standing without : board.standings()) {
        String part = part(with.contestant(), without.contestant());
        if (!part.isEmpty()) {
          double loss =
              with.quality().divergence().value() / without.quality().divergence().value();
          Duration time = with.time().minus(without.time());
          parts.add(new Ablation(part, without.contestant(), board.budget(), loss, time));
        }
      }
    }
    return parts;
  }

  /// The one part that the first has and the second has not; empty when they differ by anything
  /// else.
  private static String part(String with, String without) {
    for (int at = with.indexOf('+'); at >= 0; at = with.indexOf('+', at + 1)) {
      int end = with.indexOf('+', at + 1);
      String part = with.substring(at, end < 0 ? with.length() : end);
      if ((with.substring(0, at) + with.substring(at + part.length())).equals(without)) {
        return part;
      }
    }
    return "";
  }
}
