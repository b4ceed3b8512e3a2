package halftone.recipe;

import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the contestants stand at one size, the least mean divergence first.
///
/// @param limit bytes that every file may have
/// @param absent contestants of which no file fits
public record Leaderboard(
    Budget budget, long limit, List<Standing> standings, List<String> absent) {
  public Leaderboard {
    standings = List.copyOf(standings);
    absent = List.copyOf(absent);
  }

  /// One contestant's file.
  ///
  /// @param file which file of a family it is; else the contestant's own name
  /// @param predicted the sum of the losses that were minimized, in the metric's units: nats where
  ///   measured swaps have scaled them; NaN for a family
  /// @param quality on the verification text, beside the original
  /// @param toFirst its divergence minus that of the first; null for the first
  /// @param time what its evidence, its swaps and its file took when they were made; tensors that
  ///   another's file had already are not made again
  public record Standing(
      String contestant,
      String file,
      long bytes,
      double bitsPerWeight,
      double predicted,
      Quality quality,
      @Nullable PairedComparison toFirst,
      Duration time) {}
}
